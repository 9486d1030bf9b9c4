/** What is known about a release before it is built. */
export type ReleaseState = {
  /** Of package.json. */
  readonly version: string
  readonly changelog: string
  /** All tags of the repository. */
  readonly tags: readonly string[]
  /** `git status --porcelain`: empty if the folder is identical to the commit. */
  readonly changes: string
}

/** Why this state cannot be released, each with what to do; empty if it can. */
export function releaseProblems({ version, changelog, tags, changes }: ReleaseState): readonly string[] {
  const isVersion = /^\d+\.\d+\.\d+(?:-[a-z]+\.\d+)?$/.test(version)
  const heading = new RegExp(`^## ${version.replaceAll('.', '\\.')} \\(\\d{4}-\\d{2}-\\d{2}\\)$`, 'm')
  return [
    !isVersion && `package.json: version is "${version}"; expected 1.2.3, or 1.2.3-rc.1 for a candidate.`,
    tags.includes(tagOf(version)) &&
      `${tagOf(version)} exists already. Raise the version: npm version --no-git-tag-version 1.2.3.`,
    !heading.test(changelog) &&
      `CHANGELOG.md has no heading "## ${version} (year-month-day)". Rename "## Unreleased", and begin a new one above it.`,
    changes !== '' && `Some files are not committed:\n${changes.trimEnd()}`,
  ].filter(problem => problem !== false)
}

export function tagOf(version: string): string {
  return `v${version}`
}
