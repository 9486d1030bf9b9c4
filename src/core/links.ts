/** What phones make a link of: any word, a dot and letters, because every top-level domain counts, now and later. */
export function linksIn(text: string): readonly { readonly link: string; readonly offset: number }[] {
  return [...text.matchAll(LINK)].map(match => ({ link: match[0], offset: match.index }))
}

const LINK = /[\p{L}\p{N}+.-]*:\/\/\S*|\bwww\.\S*|[\p{L}\p{N}.-]*[\p{L}\p{N}]\.(?:\p{L}{2,}|xn--)[^\s<]*/giu
