"""Reading untrusted files in a separate process, with limits on time and memory.

Whatever a file makes its reader do, time and memory are limited, and a crash of the reader affects
nothing else. Each piece of work has a new process that ends after it, so its memory is returned
and no file can affect the next.

`readers` is the side of the parent process, with what loading lists and the spreadsheet page call;
`child` is the side of the child, and `outcome` is the message between them. `lists`, `history`,
`tables` and `parties` are the kinds of work, each with a function `work` from bytes to bytes that
runs in the child. They stay apart because the child imports only what its piece of work needs.
"""
