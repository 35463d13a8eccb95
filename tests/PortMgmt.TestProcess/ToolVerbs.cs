using System.Collections;

namespace PortMgmt.TestProcess;

/// <summary>The small tools that every Unix has and Windows does not, as far as tests use them; lines end as on Unix.</summary>
internal static class ToolVerbs
{
    /// <summary>Does as the tool of that name does.</summary>
    public static bool TryRun(string tool, string[] arguments, TextWriter output, out int exitCode)
    {
        exitCode = 0;
        switch (tool)
        {
            case "true":
                return true;
            case "false":
                exitCode = 1;
                return true;
            case "echo":
                output.Write(string.Join(' ', arguments) + "\n");
                return true;
            case "printf":
                output.Write(Format(arguments));
                return true;
            case "cat":
                using (Stream input = Console.OpenStandardInput())
                using (Stream copy = Console.OpenStandardOutput())
                {
                    input.CopyTo(copy);
                }

                return true;
            case "touch":
                File.WriteAllText(arguments[0], "");
                return true;
            case "env":
                output.Write(string.Concat(Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(static variable => $"{variable.Key}={variable.Value}\n")));
                return true;
            case "yes":
                exitCode = StreamVerbs.Flood();
                return true;
            default:
                return false;
        }
    }

    /// <summary>The format with each %s replaced by the next argument.</summary>
    private static string Format(string[] arguments)
    {
        string[] parts = arguments[0].Replace("\\n", "\n", StringComparison.Ordinal).Split("%s");
        return string.Concat(parts.Select((part, i) => i == 0 ? part : (i < arguments.Length ? arguments[i] : "") + part));
    }
}
