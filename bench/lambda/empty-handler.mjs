// What a function costs that does nothing: the start of Node, and the Runtime API.
export async function handler() {
  return 'SUCCESSFUL'
}
