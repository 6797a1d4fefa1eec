import pg from 'pg-pool'

export const client = pg
