/** A valid number of the United States, another for each index up to 7,999. */
export function usNumber(index: number): string {
  return `+1206${2_000_234 + index * 1_000}`
}
