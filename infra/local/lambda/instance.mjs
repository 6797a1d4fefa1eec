// One instance of a Lambda function: loads the bundle of the folder it is started in and takes one event at a time
// from its parent. Events and results pass as JSON, as on Lambda. Plain JavaScript: nothing is compiled before the start.
const { handler } = await import(new URL(`file://${process.cwd()}/index.mjs`))

process.on('message', async ({ event, requestId }) => {
  try {
    const result = await handler(event, { awsRequestId: requestId })
    process.send({ result: JSON.stringify(result ?? null) })
  } catch (error) {
    process.send({
      error: { errorType: error?.name ?? 'Error', errorMessage: String(error?.message ?? error) },
    })
  }
})
process.send({ ready: true })
