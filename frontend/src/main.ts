import './styles/index.css'
import { mount } from 'svelte'
import App from './App.svelte'
import { wailsBackend } from './lib/api/wails'
import { Workspace } from './lib/state/workspace.svelte'

const workspace = new Workspace(wailsBackend())
document.documentElement.dataset.theme = workspace.theme.current // before the first paint
mount(App, { target: document.getElementById('app')!, props: { workspace } })
