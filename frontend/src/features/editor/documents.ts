const texts = new Map<string, string>()
export const textOf = (id: string): string => texts.get(id) ?? ''
export const forget = (id: string): void => void texts.delete(id)
export const keep = (id: string, text: string): void => void texts.set(id, text)
