import { AppError } from '@apex/kit/app-error'

/** The sender went away in the middle of a file. */
export class UploadBrokenError extends AppError {
  override readonly name = 'UploadBrokenError'

  constructor(cause?: unknown) {
    super(
      'unprocessable',
      'The upload was broken off before the file was complete, so none of its calls count. Send the whole file again.',
      { cause },
    )
  }
}

/** The service ends while a file is being read. */
export class StoppingError extends AppError {
  override readonly name = 'StoppingError'

  constructor() {
    super(
      'unavailable',
      'The service was stopped while the import ran, so none of its calls count. Import the file again.',
      { retryAfterMs: 5_000 },
    )
  }
}

/** A run that published before publishes something else. */
export class ReportPublishedError extends AppError {
  override readonly name = 'ReportPublishedError'
  readonly runId: string

  constructor(runId: string) {
    super('conflict', 'This run has published its claims already, and they differ. A published report does not change.')
    this.runId = runId
  }
}
