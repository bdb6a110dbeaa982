import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { AppError, call, decode } from './client'
import { errorText, isKind, treatments } from './errors'
import { httpInvoke, tidy } from './wails'
import { snapshot } from './fake'

const info = {
  kind: 'auth_failed',
  group: 'auth',
  title: 'The server refused the password.',
  code: '28P01',
  position: 0,
  retryable: false,
  fields: { setting: 'password' },
}

describe('decode', () => {
  it('reads what Wails rejects with: an Error whose message is JSON', () => {
    const e = decode(new Error(JSON.stringify(info)))
    expect(e).toBeInstanceOf(AppError)
    expect(e.info).toMatchObject({
      kind: 'auth_failed',
      code: '28P01',
      position: 0,
      fields: { setting: 'password' },
    })
    expect(e.message).toBe('The server refused the password.')
  })

  it('reads an object and keeps an AppError as it is', () => {
    const e = decode(info)
    expect(e.info.kind).toBe('auth_failed')
    expect(decode(e)).toBe(e)
  })

  it('makes "internal" of anything else and keeps its words', () => {
    for (const thrown of [new Error('socket closed'), 'socket closed', new Error('{"kind":1}')]) {
      const e = decode(thrown)
      expect(e.info.kind).toBe('internal')
      expect(e.info.title).toBe('Something went wrong in Tusk.')
    }
    expect(decode('socket closed').info.message).toBe('socket closed')
    expect(decode(undefined).info.kind).toBe('internal')
  })

  it('does not trust a kind it does not know', () => {
    expect(decode({ ...info, kind: 'brand_new' }).info.kind).toBe('internal')
    expect(decode({ ...info, kind: 'toString' }).info.kind).toBe('internal')
  })

  it('wraps a call', async () => {
    await expect(call(() => Promise.reject(new Error(JSON.stringify(info))))).rejects.toBeInstanceOf(AppError)
    await expect(call(() => Promise.resolve(7))).resolves.toBe(7)
  })
})

describe('errors', () => {
  it('has a row for every kind of Go, and none that Go has not', () => {
    const go = readFileSync('../backend/apperr/kind.go', 'utf8')
    const kinds = [...go.matchAll(/^\t\w+\s+Kind = "(\w+)"/gm)].map((m) => m[1]!)
    expect(kinds.length).toBeGreaterThan(40)
    expect(Object.keys(treatments).sort()).toEqual(kinds.sort())
    expect(isKind('no such kind')).toBe(false)
  })

  it('writes an error as text in the order of the panel', () => {
    const text = errorText(
      { ...info, kind: 'auth_failed', message: 'password failed', hint: 'Type it again.' },
      'line 1',
    )
    expect(text.split('\n')).toEqual([
      'The server refused the password.',
      'Message: password failed',
      'SQLSTATE: 28P01',
      'Place: line 1',
      'What to do: Type it again.',
    ])
  })
})

describe('HTTP bridge', () => {
  const answer = (body: unknown, status = 200) => {
    const asked: { url: string; init: RequestInit }[] = []
    const fetcher = ((url: string, init: RequestInit) => {
      asked.push({ url, init })
      return Promise.resolve(new Response(JSON.stringify(body), { status }))
    }) as typeof fetch
    return { asked, invoke: httpInvoke('s3cret', fetcher) }
  }

  it('posts the arguments as an array with the token', async () => {
    const { asked, invoke } = answer({ result: { statements: [] } })
    expect(await invoke('Queries', 'Split', [{ text: 'select 1' }])).toEqual({ statements: [] })
    expect(asked[0]!.url).toBe('/api/call/Queries.Split')
    expect(asked[0]!.init.body).toBe('[{"text":"select 1"}]')
    expect(asked[0]!.init.headers).toMatchObject({ 'X-Tusk-Token': 's3cret' })
  })

  it('rejects with the error of the answer', async () => {
    const { invoke } = answer({ error: info }, 400)
    await expect(invoke('Queries', 'Split', [])).rejects.toMatchObject({ info: { kind: 'auth_failed' } })
    await expect(answer({}, 500).invoke('System', 'Log', [])).rejects.toThrow('System.Log: 500')
  })
})

it('makes lists of what Go sends as null', () => {
  const s = tidy(snapshot({ statements: null as never, notices: null as never }))
  expect(s.statements).toEqual([])
  expect(s.notices).toEqual([])
})
