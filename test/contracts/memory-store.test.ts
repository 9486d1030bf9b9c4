import { createMemoryStore } from '../../src/adapters/memory/store.ts'
import { testStore } from './store.ts'

testStore('the memory store', async () => createMemoryStore(() => 1_000))
