// What comes back over the bridge as an error, whichever bridge it is.
import { isKind } from './errors'
import type { ErrorInfo } from './types'

/** An error a person may be shown: apperr.Error as an exception. */
export class AppError extends Error {
  override readonly name = 'AppError'
  constructor(readonly info: ErrorInfo) {
    super(info.title)
  }
}

/** Makes an ErrorInfo of what Go sent as an object; undefined when it is none. */
export function errorInfo(value: unknown): ErrorInfo | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const e = value as Partial<ErrorInfo>
  if (typeof e.kind !== 'string' || typeof e.title !== 'string') return undefined
  return {
    ...e,
    kind: isKind(e.kind) ? e.kind : 'internal',
    group: e.group ?? 'internal',
    title: e.title,
    retryable: e.retryable ?? false,
  }
}

/** Decodes whatever was thrown: Wails rejects with new Error(JSON), HTTP answers with the object. */
export function decode(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown
  const direct = errorInfo(thrown)
  if (direct) return new AppError(direct)
  const text = thrown instanceof Error ? thrown.message : String(thrown)
  try {
    const parsed = errorInfo(JSON.parse(text))
    if (parsed) return new AppError(parsed)
  } catch {
    // no JSON: the bridge itself failed
  }
  return new AppError({
    kind: 'internal',
    group: 'internal',
    title: 'Something went wrong in Tusk.',
    message: text,
    hint: 'The text in your tabs is kept; trying again may help.',
    retryable: true,
  })
}

/** Runs a call and turns whatever it throws into an AppError. */
export async function call<T>(invoke: () => Promise<T>): Promise<T> {
  try {
    return await invoke()
  } catch (thrown) {
    throw decode(thrown)
  }
}
