import type { BundledPackage } from './bundled-packages.ts'

/** One page with the licence of every bundled library. Each text appears once, with all its libraries. */
export function licencePage(packages: readonly BundledPackage[], apache: string): string {
  const parts = new Map<string, string[]>()
  for (const one of packages) {
    const text = one.texts.length > 0 ? one.texts.join('\n\n') : standardText(one, apache)
    parts.set(text, [...(parts.get(text) ?? []), `${one.name} ${one.version} (${one.licence})`])
  }
  const sections = [...parts].map(([text, names]) => `${names.join('\n')}\n\n${text}`)
  return [`${HEAD}\n`, ...sections].join(`\n${'-'.repeat(80)}\n\n`).concat('\n')
}

/** A package that names its licence but does not contain its text. */
function standardText({ licence, author, name }: BundledPackage, apache: string): string {
  const holder = author === '' ? `the authors of ${name}` : author
  switch (licence) {
    case 'Apache-2.0':
      return apache.trim()
    case 'MIT':
      return `Copyright (c) ${holder}\n\n${MIT}`
    case 'ISC':
      return `Copyright (c) ${holder}\n\n${ISC}`
    default:
      throw new Error(`${name} contains no text of its licence, ${licence}`)
  }
}

const HEAD = `Hookline is licensed under the Apache License 2.0: see LICENSE.
Its programs contain the libraries below. Each has the licence that follows its name.`

// https://spdx.org/licenses/MIT.html
const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`

// https://spdx.org/licenses/ISC.html
const ISC = `Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted, provided that the above copyright notice and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.`
