import { countChecks, type Examination, type Finding, hasErrors } from '../advice/examination.ts'
import type { DoctorState, Target } from './examination-run.ts'
import { commandLine, type Html, html, postForm, prose } from './page.ts'
import type { Answer, ConsoleParts, Screen, Visit } from './screen.ts'
import { texts } from './texts.ts'
import { time } from './times.ts'

/** Everything from Okta to AWS checked, with what to do about each finding. */
export const doctorScreen: Screen = {
  title: texts.doctor.title,
  path: '/doctor',
  routes: [
    { kind: 'page', path: '/doctor', answer: answerDoctor },
    { kind: 'lookup', path: '/doctor', answer: start },
  ],
}

function start({ form }: Visit, { doctor }: ConsoleParts): Answer {
  const entries = FIELDS.flatMap(name => {
    const value = form.get(name)?.trim().slice(0, VALUE_MAX) ?? ''
    return value === '' ? [] : [[name, value] as const]
  })
  doctor.start(Object.fromEntries(entries))
  return { kind: 'redirect', to: '/doctor' }
}

function answerDoctor({ visitor }: Visit, parts: ConsoleParts): Answer {
  const state = parts.doctor.state()
  const target = state.kind === 'none' ? {} : state.target
  const { title } = texts.doctor
  const isRunning = state.kind === 'running'
  return {
    kind: 'page',
    title: isRunning ? texts.doctor.running : title,
    ...(isRunning && { refreshSeconds: REFRESH_SECONDS }),
    body: html`<h1>${title}</h1>
<p class="lead">${texts.doctor.lead}</p>
${stateOf(state, parts)}
${!isRunning && postForm(visitor, '/doctor', fields(target), 'fields')}
${commandLine(commandOf(target))}`,
  }
}

function stateOf(state: DoctorState, parts: ConsoleParts): Html {
  switch (state.kind) {
    case 'none':
      return html`<p>${texts.doctor.none}</p>`
    case 'running':
      return html`<section class="card" role="status"><h2>${texts.doctor.running}</h2>
<ul>${state.lines.map(line => html`<li>${line}</li>`)}</ul></section>`
    case 'failed':
      return html`<p class="bad" role="alert">${texts.doctor.failed} ${state.why}</p>`
    case 'ended':
      return results(state.examination, state.at, parts)
  }
}

function results(examination: Examination, at: number, { now, timeZone }: ConsoleParts): Html {
  const { findings, passed, skipped } = examination
  const level = hasErrors(examination) ? 'bad' : findings.length > 0 ? 'warn' : 'good'
  return html`<p class="lead ${level}" role="status">${findings.length === 0 ? texts.doctor.allPassed : countChecks(examination)} <span class="quiet">${time(at, now(), timeZone)}</span></p>
${findings.map(card)}
<details><summary>${texts.doctor.passed(passed.length)}</summary>
<ul>${passed.map(({ check, sentence, detail }) => html`<li><strong>${check}</strong> ${sentence} <span class="quiet">${detail}</span></li>`)}</ul></details>
${
  skipped.length > 0 &&
  html`<details><summary>${texts.doctor.skipped(skipped.length)}</summary>
<ul>${skipped.map(({ check, why }) => html`<li><strong>${check}</strong> ${why}</li>`)}</ul></details>`
}`
}

function card({ check, severity, cause, remedy, fix }: Finding): Html {
  return html`<section class="card"><h2 class="${severity === 'error' ? 'bad' : 'warn'}">${texts.doctor.severities[severity]}: ${check}</h2>
<p>${prose(cause)}</p>
<p><strong>${texts.tryIt.whatToDo}:</strong> ${prose(remedy)}</p>
${fix !== undefined && html`<p class="quiet">${texts.doctor.fix}</p>${commandLine('hookline doctor --fix')}`}
</section>`
}

function fields(target: Target): Html {
  return html`${FIELDS.map(
    name =>
      html`<label>${texts.doctor.fields[name]} <input name="${name}" maxlength="${VALUE_MAX}" value="${target[name] ?? ''}" placeholder="${texts.doctor.hints[name]}" autocomplete="off"></label>`,
  )}
<button type="submit">${texts.doctor.button}</button>`
}

function commandOf(target: Target): string {
  const options = FIELDS.flatMap(name => {
    const value = target[name]
    return value === undefined ? [] : [`--${name} ${/^[\w.:/-]+$/.test(value) ? value : '…'}`]
  })
  return ['hookline doctor --no-preview --verbose', ...options].join(' ')
}

const FIELDS = ['org', 'stack', 'region'] as const
const VALUE_MAX = 255
const REFRESH_SECONDS = 2
