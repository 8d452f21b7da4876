/** The plugin's sentences begin small, for they also stand behind colons. Paths and addresses stay as they are. Pure. */
export function capital(sentence: string): string {
  return /^[a-z]+[ ,:']/.test(sentence) && !/^\w+:\//.test(sentence)
    ? sentence.slice(0, 1).toUpperCase() + sentence.slice(1)
    : sentence;
}
