using System.CommandLine;

namespace PortMgmt.Cli.Completion;

/// <summary>
/// Finds what could stand where the cursor is, for the scripts of all shells. Reads the verbs and options themselves, so that a new one
/// needs nothing here. The parser's own directive for this takes the command line as one text, which no shell hands on unharmed.
/// </summary>
/// <param name="root">All verbs.</param>
internal sealed class CompletionEngine(Command root)
{
    /// <summary>Finds the candidates for the last word.</summary>
    /// <param name="words">The words after the program's name, up to the cursor; the last is what is being typed, perhaps empty.</param>
    public IEnumerable<Candidate> Complete(IReadOnlyList<string> words)
    {
        Command command = root;
        Option? pending = null;
        string? registry = null;
        int arguments = 0;
        for (int i = 0; i < words.Count - 1; i++)
        {
            string word = words[i];
            if (pending is not null)
            {
                registry = pending.Name == "--registry" ? word : registry;
                pending = null;
            }
            else if (word.StartsWith('-'))
            {
                pending = FindOption(command, word);
            }
            else if (command.Subcommands.FirstOrDefault(verb => verb.Name == word) is { } verb)
            {
                command = verb;
            }
            else
            {
                arguments++;
            }
        }

        string typed = words.Count == 0 ? "" : words[^1];
        return Candidates(command, pending, arguments, typed, new ValueCandidates(registry))
            .Where(candidate => candidate.Value.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            .OrderBy(candidate => candidate.Value, StringComparer.Ordinal);
    }

    private static IEnumerable<Candidate> Candidates(Command command, Option? pending, int arguments, string typed, ValueCandidates values)
    {
        if (pending is not null)
        {
            return values.Find(command, pending.HelpName);
        }

        int equals = typed.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0 && typed.StartsWith('-'))
        {
            string name = typed[..equals];
            return values.Find(command, FindOption(command, name)?.HelpName).Select(value => value with { Value = $"{name}={value.Value}" });
        }

        if (typed.StartsWith('-'))
        {
            return OptionsOf(command).Where(option => !option.Hidden).Select(option => new Candidate(option.Name, Brief(option.Description)));
        }

        // The last argument may be one that can be given again; behind a verb comes something else than a verb of its kind.
        bool repeats = command.Arguments is [.., { Arity.MaximumNumberOfValues: > 1, Name: not "VERB" }];
        int argument = repeats ? Math.Min(arguments, command.Arguments.Count - 1) : arguments;
        if (argument > 0 && argument >= command.Arguments.Count)
        {
            return [];
        }

        IEnumerable<Candidate> verbs = command.Subcommands.Where(verb => !verb.Hidden).Select(verb => new Candidate(verb.Name, Brief(verb.Description)));
        return argument < command.Arguments.Count ? verbs.Concat(values.Find(command, command.Arguments[argument].Name)) : verbs;
    }

    /// <summary>The first sentence, or what comes before its first pause.</summary>
    private static string Brief(string? description)
    {
        string text = description ?? "";
        int end = text.IndexOfAny(['.', ';', ':', '(']);
        return (end < 0 ? text : text[..end]).TrimEnd();
    }

    private static Option? FindOption(Command command, string word) =>
        OptionsOf(command).FirstOrDefault(option => option.Arity.MaximumNumberOfValues > 0 && (option.Name == word || option.Aliases.Contains(word)));

    /// <summary>The options of a verb, and those of the verbs above it that hold below them.</summary>
    private static IEnumerable<Option> OptionsOf(Command command)
    {
        IEnumerable<Option> above = command.Parents.OfType<Command>().SelectMany(OptionsOf).Where(option => option.Recursive);
        return command.Options.Concat(above);
    }
}
