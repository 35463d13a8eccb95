using System.CommandLine;
using System.Text;
using PortMgmt.Cli.Commands;

namespace PortMgmt.Cli.Help;

/// <summary>
/// What there is to say of a verb, read off the verb itself. The parser's own page has lines of any length, and does not know of the
/// command behind <c>--</c>.
/// </summary>
internal static class HelpPage
{
    private const int WidestTerm = 26;

    // The whole program fits a screen of 24 lines.
    private const string Codes =
        """
        Exit codes: 0 done; 1 an operation failed, time ran out, or a write failed;
        2 usage; 3 no such port or lease; 4 registry; 5 not owned; 6 broker;
        130 interrupted; run: its command's; 125 not begun, 126 not run, 127 not found.

        """;

    /// <summary>Makes the page of a verb.</summary>
    /// <param name="command">The verb.</param>
    public static string Create(Command command)
    {
        var page = new StringBuilder();
        if (command.Parents.FirstOrDefault() is null)
        {
            AddProgram(page, command);
        }
        else
        {
            AddVerb(page, command);
        }

        return page.ToString();
    }

    private static void AddProgram(StringBuilder page, Command root)
    {
        TextLayout.AddParagraph(page, 0, root.Description ?? "");
        page.Append("Usage: ").Append(root.Name).Append(" VERB [options]      (").Append(root.Name).Append(" help VERB tells more)\n");
        AddVerbs(page, root);
        string options = string.Join(", ", OptionsOf(root).Select(Term).Select(static term => term[(term.LastIndexOf(", ", StringComparison.Ordinal) is >= 0 and int end ? end + 2 : 0)..]));
        TextLayout.AddParagraph(page, 0, $"Options: {options}");
        page.Append(Codes.ReplaceLineEndings("\n"));
    }

    private static void AddVerb(StringBuilder page, Command command)
    {
        TextLayout.AddParagraph(page, 0, command.Description ?? "");
        page.Append("\nUsage:\n");
        string arguments = string.Concat(command.Arguments.Select(static argument => argument.Arity switch
        {
            { MinimumNumberOfValues: 0, MaximumNumberOfValues: > 1 } => $" [{argument.Name} ...]",
            { MinimumNumberOfValues: 0 } => $" [{argument.Name}]",
            _ => $" {argument.Name}",
        }));
        string verb = command.Subcommands.Any(static verb => !verb.Hidden) ? command is CliCommand ? " [VERB]" : " VERB" : "";
        string behind = command is CliCommand { TakesCommand: true } ? " -- COMMAND [ARGUMENTS]" : "";
        TextLayout.AddParagraph(page, 2, $"{PathOf(command)}{verb}{arguments} [options]{behind}");
        if (command.Arguments.Count > 0)
        {
            page.Append("\nArguments:\n");
            TextLayout.AddRows(page, [.. command.Arguments.Select(static argument => (argument.Name, argument.Description ?? ""))], WidestTerm);
        }

        if (verb.Length > 0)
        {
            page.Append("\nVerbs:\n");
            AddVerbs(page, command);
        }

        page.Append("\nOptions:\n");
        TextLayout.AddRows(page, [.. OptionsOf(command).Select(static option => (Term(option), option.Description ?? ""))], WidestTerm);
    }

    private static void AddVerbs(StringBuilder page, Command command) =>
        TextLayout.AddRows(page, [.. command.Subcommands.Where(static verb => !verb.Hidden).Select(static verb => (verb.Name, Brief(verb.Description)))], WidestTerm);

    /// <summary>The first sentence, or what comes before its colon.</summary>
    public static string Brief(string? description)
    {
        string text = description ?? "";
        foreach (string pause in (ReadOnlySpan<string>)[". ", ": "])
        {
            int end = text.IndexOf(pause, StringComparison.Ordinal);
            text = end < 0 ? text : text[..end];
        }

        return text.TrimEnd('.');
    }

    private static string Term(Option option)
    {
        string names = string.Join(", ", option.Aliases.Append(option.Name).Distinct().OrderBy(static name => name.Length).ThenBy(static name => name, StringComparer.Ordinal));
        return option.Arity.MaximumNumberOfValues == 0 ? names : $"{names} {option.HelpName}";
    }

    private static IEnumerable<Option> OptionsOf(Command command) =>
        command.Options.Where(static option => !option.Hidden)
            .Concat(command.Parents.OfType<Command>().SelectMany(OptionsOf).Where(static option => option.Recursive));

    private static string PathOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{PathOf(parent)} {command.Name}" : command.Name;
}
