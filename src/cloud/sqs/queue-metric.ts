/** What CloudWatch counts as it happens. What a queue is handed as another's dead letter is not among `NumberOfMessagesSent`. */
export type QueueMetric =
  | 'NumberOfMessagesSent'
  | 'SentMessageSize'
  | 'NumberOfMessagesReceived'
  | 'NumberOfEmptyReceives'
  | 'NumberOfMessagesDeleted'
