using System.CommandLine;
using PortMgmt.Cli.Output;
using PortMgmt.Cli.Parsing;

namespace PortMgmt.Cli.Commands;

/// <summary><c>completion</c>: prints the script that makes a shell complete our command lines.</summary>
internal sealed class CompletionCommand : CliCommand
{
    private readonly Argument<string> _shell = new("bash|zsh|fish|pwsh") { Description = "The shell." };

    /// <summary>Makes the verb.</summary>
    public CompletionCommand(GlobalOptions globals)
        : base("completion", "Print a script that makes a shell complete our command lines. It knows verbs, options, lease names and ports in use. bash: source <(portmgmt completion bash); zsh: the same, after compinit; fish: portmgmt completion fish | source; pwsh: portmgmt completion pwsh | Out-String | Invoke-Expression. Put that line into the shell's own profile.", globals) =>
        Arguments.Add(_shell);

    /// <inheritdoc/>
    protected override int Execute(ParseResult parsed)
    {
        string shell = parsed.GetRequiredValue(_shell);
        string name = shell is "bash" or "zsh" or "fish" or "pwsh"
            ? $"completion.{shell}"
            : throw new UsageException($"'{shell}' is no shell that is known here. Write bash, zsh, fish or pwsh.");
        using Stream script = typeof(CompletionCommand).Assembly.GetManifestResourceStream(name)!;
        using Stream output = StandardStream.OpenOutput();
        script.CopyTo(output);
        return ExitCodes.Done;
    }
}
