// The one context: the workspace of the window.
import { createContext } from 'svelte'
import type { Workspace } from './workspace.svelte'

export const [getWorkspace, setWorkspace] = createContext<Workspace>()
