using System.Globalization;

namespace PortMgmt.Heads;

/// <summary>
/// The environment variables by which a program learns its leased ports: VAR has the first port, VAR_1 to VAR_n have one each, and VARS
/// has all of them between commas. All are there for one port too, so that a program need not know how many it was given.
/// </summary>
internal static class PortEnvironment
{
    /// <summary>The variable for the first port where none is named.</summary>
    public const string DefaultName = "PORT";

    /// <summary>How a name can be written, for error messages.</summary>
    public const string NameRule = "Write letters, digits and _, not beginning with a digit, such as HTTP_PORT.";

    /// <summary>Whether every shell can read a variable of that name.</summary>
    /// <param name="name">Any text.</param>
    public static bool IsName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(static character => char.IsAsciiLetterOrDigit(character) || character == '_');

    /// <summary>The variables with their values.</summary>
    /// <param name="name">The variable for the first port, after which the others are named.</param>
    /// <param name="ports">The leased ports, at least one.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> GetVariables(string name, IReadOnlyList<int> ports)
    {
        var variables = new KeyValuePair<string, string>[ports.Count + 2];
        variables[0] = new(name, Text(ports[0]));
        for (int i = 0; i < ports.Count; i++)
        {
            variables[i + 1] = new(string.Create(CultureInfo.InvariantCulture, $"{name}_{i + 1}"), Text(ports[i]));
        }

        variables[^1] = new($"{name}S", string.Join(',', ports.Select(Text)));
        return variables;
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
