import './styles/tokens.css'
import './styles/app.css'
import { mount } from 'svelte'
import App from './App.svelte'

document.documentElement.dataset.theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
mount(App, { target: document.getElementById('app')! })
