import type { TemplateName } from './store.ts'

/** `sms/es/any`: how a template is called in commands, logs and findings. */
export function nameOfTemplate(of: TemplateName): string {
  return `${of.channel}/${of.locale}/${of.purpose}`
}
