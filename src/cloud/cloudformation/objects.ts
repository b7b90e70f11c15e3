import { AwsError } from '../error.ts'
import type { Objects } from './resource.ts'

/** Several stores as one: what was added last is looked at first. */
export interface Shelf extends Objects {
  add(objects: Objects): void
}

/** An empty shelf. Looking for what nobody has put there throws the refusal of the store that was added first. */
export function objectShelf(): Shelf {
  const stores = new Set<Objects>()
  return {
    add(objects) {
      stores.delete(objects)
      stores.add(objects)
    },
    find(bucket, key) {
      let refusal = noSuchKey(bucket, key)
      for (const store of [...stores].reverse()) {
        try {
          return store.find(bucket, key)
        } catch (error) {
          // Another may have it.
          if (!(error instanceof AwsError && /^NoSuch(Key|Bucket)$/.test(error.code))) throw error
          refusal = error
        }
      }
      throw refusal
    },
  }
}

/** The refusal for an object that is not there. */
export const noSuchKey = (bucket: string, key: string): AwsError =>
  new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { BucketName: bucket, Key: key })
