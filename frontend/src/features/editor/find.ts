import {
  closeSearchPanel,
  findNext,
  findPrevious,
  getSearchQuery,
  replaceAll,
  replaceNext,
  search,
  SearchQuery,
  setSearchQuery,
} from '@codemirror/search'
import { runScopeHandlers, type EditorView, type Panel, type ViewUpdate } from '@codemirror/view'
import { icon } from './icons'

/** Counting stops here: in a text of megabytes the number is not worth the wait. */
const MOST = 1000

export function countHits(
  query: SearchQuery,
  view: Pick<EditorView, 'state'>,
): { at: number; total: number } {
  if (!query.search || !query.valid) return { at: 0, total: 0 }
  const { main } = view.state.selection
  let total = 0
  let at = 0
  const hits = query.getCursor(view.state)
  for (let hit = hits.next(); !hit.done && total <= MOST; hit = hits.next()) {
    total++
    if (hit.value.from === main.from && hit.value.to === main.to) at = total
  }
  return { at, total }
}

function button(label: string, act: () => void, ...content: (Node | string)[]): HTMLButtonElement {
  const el = document.createElement('button')
  const iconOnly = content.every((c) => typeof c !== 'string')
  el.type = 'button'
  el.className = `btn btn-quiet btn-s${iconOnly ? ' btn-icon' : ''}`
  if (iconOnly || label !== content[0]) el.setAttribute('aria-label', label)
  el.title = label
  el.append(...content)
  el.addEventListener('click', act)
  return el
}

function field(name: string, label: string): HTMLInputElement {
  const el = document.createElement('input')
  el.name = name
  el.placeholder = label
  el.setAttribute('aria-label', label)
  el.autocomplete = 'off'
  el.spellcheck = false
  return el
}

function div(className: string, ...content: Node[]): HTMLElement {
  const el = document.createElement('div')
  el.className = className
  el.append(...content)
  return el
}

/** The find bar. */
class FindPanel implements Panel {
  readonly dom: HTMLElement
  readonly top = true
  readonly #find = field('search', 'Find')
  readonly #replace = field('replace', 'Replace with')
  readonly #count = document.createElement('span')
  readonly #options: { name: 'caseSensitive' | 'wholeWord' | 'regexp'; el: HTMLButtonElement }[]
  #query: SearchQuery
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(readonly view: EditorView) {
    this.#query = getSearchQuery(view.state)
    this.#find.setAttribute('main-field', 'true')
    this.#count.className = 'count'
    this.#count.setAttribute('aria-live', 'polite')
    const option = (name: 'caseSensitive' | 'wholeWord' | 'regexp', label: string, text: string) => ({
      name,
      el: button(label, () => this.#commit({ [name]: !this.#query[name] }), text),
    })
    this.#options = [
      option('caseSensitive', 'Match case', 'Aa'),
      option('wholeWord', 'Whole word', 'Whole word'),
      option('regexp', 'Regular expression', '.*'),
    ]
    const gap = document.createElement('span')
    gap.className = 'grow'
    this.dom = div(
      'cm-find',
      div(
        'findbar',
        div('input', icon('search'), this.#find, this.#count),
        button('Previous (Shift F3)', () => findPrevious(view), icon('up')),
        button('Next (F3)', () => findNext(view), icon('down')),
        div('sep'),
        ...this.#options.map((o) => o.el),
        gap,
        button('Close (Esc)', () => closeSearchPanel(view), icon('x')),
      ),
      div(
        'findbar cm-find-replace',
        div('input', this.#replace),
        button('Replace', () => replaceNext(view), 'Replace'),
        button('Replace all', () => replaceAll(view), 'Replace all'),
      ),
    )
    this.dom.setAttribute('role', 'search')
    this.dom.addEventListener('keydown', (e) => this.#key(e))
    this.#find.addEventListener('input', () => this.#commit({ search: this.#find.value }))
    this.#replace.addEventListener('input', () => this.#commit({ replace: this.#replace.value }))
    this.#show()
  }

  mount(): void {
    this.#find.select()
  }

  update(u: ViewUpdate): void {
    const query = getSearchQuery(u.state)
    if (!query.eq(this.#query)) {
      this.#query = query
      this.#show()
    } else if (u.docChanged || u.selectionSet) this.#soon()
  }

  destroy(): void {
    clearTimeout(this.#timer)
  }

  #commit(change: Partial<SearchQuery>): void {
    const { search, replace, caseSensitive, wholeWord, regexp } = this.#query
    const query = new SearchQuery({ search, replace, caseSensitive, wholeWord, regexp, ...change })
    if (!query.eq(this.#query)) this.view.dispatch({ effects: setSearchQuery.of(query) })
  }

  #show(): void {
    if (this.#find.value !== this.#query.search) this.#find.value = this.#query.search
    if (this.#replace.value !== this.#query.replace) this.#replace.value = this.#query.replace
    for (const { name, el } of this.#options) {
      el.classList.toggle('is-on', this.#query[name])
      el.setAttribute('aria-pressed', String(this.#query[name]))
    }
    this.#tell()
  }

  #soon(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#tell(), 80)
  }

  #tell(): void {
    const { at, total } = countHits(this.#query, this.view)
    const all = total > MOST ? `${MOST.toLocaleString('en')}+` : total.toLocaleString('en')
    this.#count.textContent = !this.#query.search
      ? ''
      : !this.#query.valid
        ? 'not valid'
        : total === 0
          ? 'none'
          : at
            ? `${at} of ${all}`
            : all
    this.#find
      .closest('.input')
      ?.classList.toggle('is-error', !this.#query.valid && this.#query.search !== '')
  }

  #key(e: KeyboardEvent): void {
    if (runScopeHandlers(this.view, e, 'search-panel')) e.preventDefault()
    else if (e.key === 'Enter' && !e.ctrlKey && !e.metaKey) {
      e.preventDefault()
      if (e.target === this.#replace) replaceNext(this.view)
      else if (e.target === this.#find) (e.shiftKey ? findPrevious : findNext)(this.view)
    }
  }
}

export const find = search({ top: true, createPanel: (view) => new FindPanel(view) })
