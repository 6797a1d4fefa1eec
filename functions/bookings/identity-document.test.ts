import { describe, expect, it } from 'vitest'
import { parse } from '../../shared/http/validation.ts'
import { DocumentKey, DocumentToRecord, masked } from './identity-document.ts'

const faultsIn = (read: () => unknown): string[] => {
  try {
    read()
    return []
  } catch (error) {
    const { errors } = (error as { answer: { body: { errors: { pointer: string }[] } } }).answer.body
    // A field that breaks two rules is named twice.
    return [...new Set(errors.map(({ pointer }) => pointer))]
  }
}
const record = (document: object) => faultsIn(() => parse(DocumentToRecord, document, 'body'))
const find = (kind: string, number: string) => parse(DocumentKey, { kind, number }, 'body')

describe('a document to record', () => {
  it.each([
    ['CC', '123', 'CO'],
    ['CC', '1.032.456.789', 'CO'],
    ['CE', '567890', 'CO'],
    ['TI', '1032456789', 'CO'],
    ['RC', 'A1B0123456', 'CO'],
    ['PPT', '1234567', 'CO'],
    ['PA', 'ax 123456', 'CO'],
    ['PA', 'C01X00T47', 'DE'],
    ['ID', '12.345.678-K', 'CL'],
    // Of Ecopetrol and of a bank, as they publish them.
    ['NIT', '899.999.068-1', 'CO'],
    ['NIT', '890903938-8', 'CO'],
  ])('%s %s of %s has a form that is taken', (kind, number, country) => {
    expect(record({ kind, number, country, expiresOn: '2031-01-01' })).toEqual([])
  })

  it.each([
    ['CC', '12', 'CO', '/number'],
    ['CC', '12345678901', 'CO', '/number'],
    ['CC', '1032A56789', 'CO', '/number'],
    ['CE', 'E12345', 'CO', '/number'],
    ['TI', '103245678', 'CO', '/number'],
    ['RC', '1234567', 'CO', '/number'],
    ['PPT', '1234', 'CO', '/number'],
    ['PA', 'AX12', 'CO', '/number'],
    ['PA', 'ÁX123456', 'CO', '/number'],
    ['PA', 'AX_123456', 'CO', '/number'],
    ['ID', '123', 'CL', '/number'],
    ['NIT', '899999068-2', 'CO', '/number'],
    ['NIT', '8999990681', 'CO', '/number'],
    ['NIT', '899999068', 'CO', '/number'],
    ['CC', '1032456789', 'VE', '/country'],
    ['ID', '12345678', 'CO', '/country'],
    ['PA', 'AX123456', 'Colombia', '/country'],
    ['DNI', '12345678', 'PE', '/kind'],
  ])('%s %s of %s is refused at %s', (kind, number, country, place) => {
    expect(record({ kind, number, country })).toEqual([place])
  })

  it('names every field at fault', () => {
    expect(record({ kind: 'CC', number: '', country: 'co', expiresOn: '2031-02-30' })).toEqual(
      expect.arrayContaining(['/number', '/country', '/expiresOn']),
    )
    expect(record({})).toEqual(['/kind', '/number', '/country'])
    expect(record({ kind: 'CC', number: '123', country: 'CO', name: 'x' })).toEqual(['/name'])
  })
})

describe('a document to find', () => {
  it('is compared without what stands between its signs', () => {
    expect(find('CC', '1.032.456.789')).toEqual(find('CC', ' 1032456789 '))
    expect(find('PA', 'ax-123 456')).toEqual({ kind: 'PA', number: 'AX123456' })
    expect(find('NIT', '899.999.068-1')).toEqual({ kind: 'NIT', number: '8999990681' })
  })

  it('needs a number of its kind', () => {
    expect(faultsIn(() => find('CC', 'AX123456'))).toEqual(['/number'])
  })
})

it('shows the last signs of a number, never more than half of it', () => {
  expect(['1032456789', '12345678', '123456', '123'].map(masked)).toEqual([
    '******6789',
    '****5678',
    '***456',
    '**3',
  ])
})
