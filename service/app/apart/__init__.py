"""Reading untrusted files and writing large ones in a process of its own that can be ended.

Whatever a file makes its reader do, time and memory are limited, and a crash of the reader affects
nothing else. Each piece of work has a new process that ends after it, so its memory is returned
and no file can affect the next.

`readers` is the side of the parent process, with what loading lists and the web pages call;
`child` is the side of the child, and `outcome` is what they send each other, with the function of
each kind of work. That function runs in the child: from bytes to bytes, or from pieces to pieces
where both may be of any size. Those of `lists` and `job` are here, others where their subject is,
and the child imports only the one that it needs.
"""
