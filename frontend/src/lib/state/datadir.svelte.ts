// What to do while nothing can be kept: the person is told once, and chooses.
import type { SystemPort } from '../api/backend'
import { decode } from '../api/client'
import type { DataPlace } from '../api/types'
import type { Notices } from './notices.svelte'

export class DataDirectory {
  #system: SystemPort
  #notices: Notices
  /** what is kept there is read, and what was set and typed so far is saved there */
  #moved: () => Promise<void>
  #bar = 0
  #lacking = $state(false)

  constructor(system: SystemPort, notices: Notices, moved: () => Promise<void>) {
    this.#system = system
    this.#notices = notices
    this.#moved = moved
  }

  /** Nothing can be kept. */
  get lacking(): boolean {
    return this.#lacking
  }

  tell({ problem }: DataPlace): void {
    this.#lacking = problem !== ''
    if (!problem) return
    this.#bar = this.#notices.bar({
      tone: 'warn',
      title: problem,
      detail: 'Connections, settings and open tabs last for this run only.',
      actions: [
        { label: 'Choose another…', run: () => void this.#choose() },
        { label: 'Try again', run: () => void this.#use('') },
        { label: 'Quit', run: () => void this.#close() },
      ],
    })
  }

  async #close(): Promise<void> {
    await this.#system.closeWindow().catch((e: unknown) => this.#notices.report(e))
  }

  async #choose(): Promise<void> {
    try {
      const { path } = await this.#system.chooseFolder({ title: 'Where is Tusk to keep its things?' })
      if (path) await this.#use(path)
    } catch (thrown) {
      this.#notices.report(thrown)
    }
  }

  async #use(path: string): Promise<void> {
    try {
      const { dir } = await this.#system.useDataDir({ path })
      this.#lacking = false
      this.#notices.dismiss(this.#bar)
      await this.#moved()
      this.#notices.toast({
        tone: 'ok',
        title: `Everything is kept in ${dir}`,
        detail: path
          ? 'To use it at the next start too, set TUSK_DATA_DIR or start with --data-dir.'
          : undefined,
      })
    } catch (thrown) {
      const { title, hint } = decode(thrown).info
      this.#notices.toast({ tone: 'error', title, detail: hint })
    }
  }
}
