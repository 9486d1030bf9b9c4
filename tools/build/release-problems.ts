/** What is known about a release before it is built. */
export type ReleaseState = {
  /** Of package.json. */
  readonly version: string
  readonly changelog: string
  /** All tags of the repository. */
  readonly tags: readonly string[]
  /** `git status --porcelain`: empty if the folder is identical to the commit. */
  readonly changes: string
  /** Whether `test/released` has what this version stores. */
  readonly isRecorded: boolean
  /** Whether the image of Containerfile can be built and started here, or nobody wants that. */
  readonly canCheckImage: boolean
}

/** Why this state cannot be released, each with what to do; empty if it can. */
export function releaseProblems(state: ReleaseState): readonly string[] {
  const { version, changelog, tags, changes, isRecorded, canCheckImage } = state
  const isVersion = /^\d+\.\d+\.\d+(?:-[a-z]+\.\d+)?$/.test(version)
  const heading = new RegExp(`^## ${version.replaceAll('.', '\\.')} \\(\\d{4}-\\d{2}-\\d{2}\\)$`, 'm')
  return [
    !isVersion && `package.json: version is "${version}"; expected 1.2.3, or 1.2.3-rc.1 for a candidate.`,
    tags.includes(tagOf(version)) &&
      `${tagOf(version)} exists already. Raise the version: npm version --no-git-tag-version 1.2.3.`,
    !heading.test(changelog) &&
      `CHANGELOG.md has no heading "## ${version} (year-month-day)". Rename "## Unreleased", and begin a new one above it.`,
    !isRecorded && `test/released/${version} is missing: what this version stores. Run: npm run record-forms`,
    changes !== '' && `Some files are not committed:\n${changes.trimEnd()}`,
    !canCheckImage &&
      'The image cannot be checked here: it needs root, buildah, unshare and chroot. To release without this check: npm run release -- --without-image',
  ].filter(problem => problem !== false)
}

export function tagOf(version: string): string {
  return `v${version}`
}
