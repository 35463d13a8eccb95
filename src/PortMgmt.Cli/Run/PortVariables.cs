using System.Globalization;
using PortMgmt.Cli.Parsing;

namespace PortMgmt.Cli.Run;

/// <summary>The environment variables by which a command learns its ports.</summary>
internal static class PortVariables
{
    /// <summary><c>PORT</c> (or the given name) with the first port, <c>PORT_1</c> to <c>PORT_K</c>, and <c>PORTS</c> with all, separated by commas.</summary>
    /// <param name="name">The variable for the first port.</param>
    /// <param name="ports">The leased ports, at least one.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(string name, IReadOnlyList<int> ports)
    {
        var variables = new List<KeyValuePair<string, string>>(ports.Count + 2);
        for (int i = 0; i < ports.Count; i++)
        {
            variables.Add(new(string.Create(CultureInfo.InvariantCulture, $"PORT_{i + 1}"), Text(ports[i])));
        }

        variables.Add(new("PORTS", string.Join(',', ports)));
        variables.RemoveAll(variable => variable.Key == name);
        variables.Insert(0, new(name, Text(ports[0])));
        return variables;
    }

    /// <summary>Checks a variable's name.</summary>
    /// <exception cref="UsageException">A shell could not read a variable of that name.</exception>
    public static string CheckName(string name) =>
        (char.IsAsciiLetter(name[0]) || name[0] == '_') && name.All(character => char.IsAsciiLetterOrDigit(character) || character == '_')
            ? name
            : throw new UsageException($"'{name}' is no environment variable for --env. Write letters, digits and _, not beginning with a digit, such as HTTP_PORT.");

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
