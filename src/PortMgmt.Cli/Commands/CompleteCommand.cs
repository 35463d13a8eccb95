using System.CommandLine;
using System.Text;
using PortMgmt.Cli.Completion;
using PortMgmt.Cli.Output;
using PortMgmt.Cli.Parsing;
using PortMgmt.Text;

namespace PortMgmt.Cli.Commands;

/// <summary><c>complete -- WORDS</c>: what the scripts of <c>completion</c> ask. One candidate a line: the word, a tab, what it is.</summary>
internal sealed class CompleteCommand : CliCommand
{
    private const int MaxDescriptionLength = 120;

    private readonly string[] _words;

    /// <summary>Makes the verb.</summary>
    /// <param name="globals">The options of every verb.</param>
    /// <param name="split">The arguments, with the words behind <c>--</c>.</param>
    public CompleteCommand(GlobalOptions globals, ArgumentSplit split)
        : base("complete", "Print what could be the last of the words behind --.", globals)
    {
        _words = split.Command ?? [];
        Hidden = true;
    }

    /// <inheritdoc/>
    protected override int Execute(ParseResult parsed)
    {
        var text = new StringBuilder();
        foreach (Candidate candidate in new CompletionEngine(parsed.RootCommandResult.Command).Complete(_words))
        {
            text.Append(VisibleText.From(candidate.Value)).Append('\t').Append(VisibleText.From(candidate.Description, MaxDescriptionLength)).Append('\n');
        }

        using Stream output = StandardStream.OpenOutput();
        output.Write(Encoding.UTF8.GetBytes(text.ToString()));
        return ExitCodes.Done;
    }
}
