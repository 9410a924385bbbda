"""`abeyance completion`: print the completion script of a shell."""

from typing import Literal, get_args

import click
from click.shell_completion import get_completion_class

from service.cli.options import examples
from service.errors import BadInputError

Shell = Literal["bash", "zsh", "fish"]
_VARIABLE = "_ABEYANCE_COMPLETE"


@click.command(
    epilog=examples(
        "abeyance completion bash > ~/.local/share/bash-completion/completions/abeyance",
        "abeyance completion zsh > ~/.zfunc/_abeyance",
        "abeyance completion fish > ~/.config/fish/completions/abeyance.fish",
    )
)
@click.argument("shell", type=click.Choice(get_args(Shell)))
@click.pass_context
def completion(context: click.Context, shell: Shell) -> None:
    """Print the script that completes commands, options and list codes in SHELL."""
    made_by = get_completion_class(shell)
    if made_by is None:
        raise BadInputError("SHELL", f"{shell} is not supported")
    root = context.find_root()
    click.echo(made_by(root.command, {}, root.info_name or "abeyance", _VARIABLE).source())
