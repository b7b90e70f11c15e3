/** A resource's properties after every intrinsic has been worked out. */
export type Properties = Readonly<Record<string, any>>
