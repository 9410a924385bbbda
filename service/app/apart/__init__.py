"""Reading untrusted files in a separate process, with limits on time and memory.

Whatever a file makes its reader do, time and memory are limited, and a crash of the reader affects
nothing else. Each piece of work has a new process that ends after it, so its memory is returned
and no file can affect the next.

`running` is the side of the parent process and `child` that of the child; `outcome` is the message
between them. `lists` and `tables` are the two kinds of work, each with a function `work` from
bytes to bytes that runs in the child. `readers` and `uploads` are their interfaces for loading
lists and for the spreadsheet page.
"""
