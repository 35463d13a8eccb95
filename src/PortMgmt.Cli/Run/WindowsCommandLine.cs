using System.Text;

namespace PortMgmt.Cli.Run;

/// <summary>
/// The one text that a program gets on Windows in place of arguments. Most programs take it apart by the rules of their C library;
/// batch files are read by cmd.exe, to which it is code.
/// </summary>
/// <param name="Program">The program to start.</param>
/// <param name="Arguments">All that follows its name.</param>
internal sealed record WindowsCommandLine(string Program, string Arguments)
{
    // Of cmd.exe: no commands from the registry, extensions on, no !variables!, and the outer quotes are taken off and nothing else.
    private const string BatchSwitches = "/d /e:ON /v:OFF /s /c";

    // Of CreateProcess, with the NUL at the end, and of cmd.exe.
    private const int LongestLine = 32_766;
    private const int LongestBatchLine = 8191;

    /// <summary>The whole of it, as CreateProcess takes it.</summary>
    public string Text => $"\"{Program}\" {Arguments}";

    /// <summary>Puts a command line together.</summary>
    /// <param name="path">The program, or the batch file.</param>
    /// <param name="arguments">What it is to get.</param>
    /// <param name="systemDirectory">Where cmd.exe is; it is not looked for anywhere else.</param>
    /// <exception cref="CommandFailedException">A batch file cannot be given that argument, or all of it is too long.</exception>
    public static WindowsCommandLine Create(string path, IEnumerable<string> arguments, string systemDirectory)
    {
        if (!WindowsExecutablePath.IsBatchFile(path))
        {
            return new WindowsCommandLine(path, string.Join(' ', arguments.Select(Quote))).Within(path, LongestLine, "Windows");
        }

        RefuseCode(path, path);
        var text = new StringBuilder($"{BatchSwitches} \"\"{path}\"");
        foreach (string argument in arguments)
        {
            RefuseCode(path, argument);
            text.Append(' ').Append(QuoteForBatch(argument));
        }

        return new WindowsCommandLine($@"{systemDirectory}\cmd.exe", text.Append('"').ToString()).Within(path, LongestBatchLine, "cmd.exe, which reads batch files,");
    }

    /// <summary>What is longer is refused by the one with words about file names, and by the other after it was started.</summary>
    private WindowsCommandLine Within(string path, int limit, string reader) =>
        Text.Length <= limit ? this : throw CommandFailedException.TooLong(path, Text.Length, limit, reader);

    /// <summary>What no quotes keep from being code: cmd.exe replaces %names% in quotes as well, and ends a command at the end of a line.</summary>
    private static void RefuseCode(string path, string text)
    {
        string? reason = text.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0 ? "cmd.exe, which reads batch files, ends a command at the end of a line"
            : text.Contains('%', StringComparison.Ordinal) ? "cmd.exe, which reads batch files, takes % for the begin of a variable, in quotes too"
            : null;
        if (reason is not null)
        {
            throw CommandFailedException.UnsafeArgument(path, text, reason);
        }
    }

    /// <summary>
    /// As <see cref="Quote"/>, but always in quotes, and a quote is doubled: so each text is in quotes for cmd.exe from its first character
    /// to its last, and still one argument to a program that the batch file hands it on to.
    /// </summary>
    private static string QuoteForBatch(string argument)
    {
        var text = new StringBuilder("\"");
        int backslashes = 0;
        foreach (char one in argument)
        {
            if (one == '"')
            {
                text.Append('\\', backslashes).Append('"');
            }

            backslashes = one == '\\' ? backslashes + 1 : 0;
            text.Append(one);
        }

        return text.Append('\\', backslashes).Append('"').ToString();
    }

    /// <summary>Quotes an argument for CommandLineToArgvW: backslashes count only in front of a quote.</summary>
    private static string Quote(string argument)
    {
        if (argument.Length > 0 && argument.AsSpan().IndexOfAny(" \t\n\v\"") < 0)
        {
            return argument;
        }

        var text = new StringBuilder("\"");
        int backslashes = 0;
        foreach (char one in argument)
        {
            if (one == '"')
            {
                text.Append('\\', backslashes + 1);
            }

            backslashes = one == '\\' ? backslashes + 1 : 0;
            text.Append(one);
        }

        return text.Append('\\', backslashes).Append('"').ToString();
    }
}
