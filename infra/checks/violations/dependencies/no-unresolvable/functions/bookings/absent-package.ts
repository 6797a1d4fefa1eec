import thing from 'a-package-that-nobody-installed'

export const total = thing
