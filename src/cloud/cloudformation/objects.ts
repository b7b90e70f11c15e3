import { AwsError } from '../error.ts'
import type { Objects } from './resource.ts'

/** Several stores as one: what was added last is looked at first. */
export interface Shelf extends Objects {
  add(objects: Objects): void
}

/** An empty shelf. Looking for what nobody has put there throws `NoSuchKey` with bucket and key. */
export function objectShelf(): Shelf {
  const stores = new Set<Objects>()
  return {
    add(objects) {
      stores.delete(objects)
      stores.add(objects)
    },
    find(bucket, key) {
      for (const store of [...stores].reverse()) {
        try {
          return store.find(bucket, key)
        } catch (error) {
          // Another may have it.
          if (!(error instanceof AwsError && error.code === 'NoSuchKey')) throw error
        }
      }
      throw noSuchKey(bucket, key)
    },
  }
}

/** The refusal for an object that is not there. */
export const noSuchKey = (bucket: string, key: string): AwsError =>
  new AwsError('NoSuchKey', `No asset is stored at s3://${bucket}/${key}.`, 404)
