import './styles/tokens.css'
import './styles/app.css'
import { mount } from 'svelte'
import App from './App.svelte'
import { wailsBackend } from './lib/api/wails'
import { Workspace } from './lib/state/workspace.svelte'

mount(App, { target: document.getElementById('app')!, props: { workspace: new Workspace(wailsBackend()) } })
