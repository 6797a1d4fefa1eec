export * from '../../tests/support/database.ts'
