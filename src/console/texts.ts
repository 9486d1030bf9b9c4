/** Everything that the pages say, in English. Texts about a delivery or a reason are in core and advice. */
export const texts = {
  name: 'Hookline',
  skip: 'Skip to content',
  navigation: 'Screens',
  command: 'Command:',
  readOnly: 'This console is read-only: it was started with --read-only.',
  readOnlyBadge: 'Read-only',
  problem: 'This did not work',
  notFound: 'There is no such page. Choose one of the screens above.',
  staleForm:
    'This form is from an earlier session, so nothing was changed. Go back, load the page again and repeat it.',
  failed:
    'The page could not be made. Nothing was changed. Try again; if it stays like this, run hookline doctor.',
  missingRight: (action: string) =>
    `Your AWS credentials lack a right: ask an administrator of the account for ${action}.`,

  search: {
    label: 'Find a person',
    hint: 'Login, number, user ID or Okta event',
    button: 'Find',
  },

  changes: {
    title: 'Changes',
    lead: 'Who changed what, before and after, and who looked up a person. Newest first; kept for at least 400 days.',
    none: 'Nothing was changed, as far as the log goes back. Every change of a template, a route, a limit or the fraud rule is here at once, from this console and from commands.',
    noneOfThis: 'Nothing of this was changed in this time.',
    what: 'Of what',
    everything: 'Everything',
    since: 'Since',
    always: 'The beginning',
    periods: {
      '1h': 'the last hour',
      '24h': 'the last day',
      '7d': 'the last 7 days',
      '30d': 'the last 30 days',
    },
    filter: 'Show',
    columns: ['When', 'Who', 'What', 'Change', 'Because'],
    more: (count: number) => `and ${count} more`,
    before: 'Before',
    after: 'After',
    values: 'Complete values',
    noValue: 'nothing',
    older: 'Older changes',
    kinds: {
      templates: 'templates',
      routes: 'routes',
      limits: 'limits',
      fraud: 'fraud rule',
      optouts: 'opt-outs',
      lookups: 'look-ups of a person',
    },
  },

  door: {
    title: 'Hookline: not let in',
    wrongHost: 'This address is not the one that hookline console printed. Use 127.0.0.1 with its port.',
    foreign: 'The request comes from another page or program. Nothing was changed.',
    usedToken:
      'This address was used before, or belongs to another process. hookline console prints a new one after each use.',
    closed: 'Open the address that hookline console printed: it lets this browser in.',
    fromElsewhere: 'A page elsewhere linked to this one. Your browser shows it if you go on from here.',
    goOn: 'Show the page',
  },

  person: {
    title: 'A person',
    nothing: 'No code of this person is in the store.',
    howToSearch:
      'Search by login, user ID, phone number, or the event or request ID that Okta shows in its System Log.',
  },

  now: {
    title: 'Now',
    empty: 'No code was asked for today.',
  },
} as const
