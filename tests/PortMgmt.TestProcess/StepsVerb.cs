using System.Globalization;

namespace PortMgmt.TestProcess;

/// <summary><c>do STEP…</c>: what tests have a shell do on Unix, one step after the other, each a word with what belongs to it.</summary>
internal static class StepsVerb
{
    /// <summary>Does the steps; the first that says how it ends is the last.</summary>
    public static int Run(string[] steps, TextWriter output)
    {
        foreach (string step in steps)
        {
            string[] parts = step.Split(' ', 2);
            if (Do(parts[0], parts.Length > 1 ? parts[1] : "", output) is { } exitCode)
            {
                return exitCode;
            }
        }

        return 0;
    }

    private static int? Do(string verb, string what, TextWriter output)
    {
        switch (verb)
        {
            case "say":
                output.Write($"{what}\n");
                return null;
            case "print":
                output.Write(what);
                return null;
            case "complain":
                Console.Error.Write($"{what}\n");
                return null;
            case "copy":
                output.Write(Console.In.ReadToEnd());
                return null;
            case "sleep":
                Thread.Sleep(Number(what));
                return null;
            case "append":
                Append(what, "x");
                return null;
            case "log":
                Append("log", what);
                return null;
            case "touch":
                File.WriteAllText(what, "");
                return null;
            case "exit":
                return Number(what);
            case "end-where-there-is":
                return File.Exists(what) ? 0 : null;
            case "end-with-lines":
                return LinesOf("ran") == Number(what) ? 0 : 1;
            case "end-without-lines":
                return LinesOf("ran") != Number(what) ? 0 : 1;
            case "end-up-to":
                string[] words = what.Split(' ', 2);
                return int.TryParse(string.Concat(words[1].Where(char.IsAsciiDigit)), out int number) && number <= Number(words[0]) ? 0 : 1;
            default:
                throw new ArgumentException($"There is no step '{verb}'.");
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static int LinesOf(string path) => File.ReadAllLines(path).Length;

    /// <summary>Adds a line in one write, after whoever has the file open for the same at the moment.</summary>
    private static void Append(string path, string line)
    {
        while (true)
        {
            try
            {
                using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
                file.Write(System.Text.Encoding.UTF8.GetBytes(line + "\n"));
                return;
            }
            catch (IOException) when (OperatingSystem.IsWindows())
            {
                Thread.Sleep(1);
            }
        }
    }
}
