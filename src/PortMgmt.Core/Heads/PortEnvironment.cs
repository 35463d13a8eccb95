using System.Globalization;
using PortMgmt.Ports;

namespace PortMgmt.Heads;

/// <summary>
/// The environment variables by which a program learns its leased ports: VAR has the first port, VAR_1 to VAR_n have one each, and VARS
/// has all of them between commas. All are there for one port too, so that a program need not know how many it was given. Where the leases
/// have several names, there is a variable for each name as well.
/// </summary>
internal static class PortEnvironment
{
    /// <summary>The variable for the first port where none is named.</summary>
    public const string DefaultName = "PORT";

    /// <summary>What speaks against a variable for the first port, and those that are named after it; null for nothing.</summary>
    /// <param name="name">Any text.</param>
    public static string? FindFault(string name) => PortVariable.FindFault(name) ?? PortVariable.FindFault(All(name));

    /// <summary>The variables with their values.</summary>
    /// <param name="name">The variable for the first port, after which the others are named.</param>
    /// <param name="ports">The leased ports, at least one.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> GetVariables(string name, IReadOnlyList<int> ports)
    {
        var variables = new KeyValuePair<string, string>[ports.Count + 2];
        variables[0] = new(name, Text(ports[0]));
        for (int i = 0; i < ports.Count; i++)
        {
            variables[i + 1] = new(One(name, i), Text(ports[i]));
        }

        variables[^1] = new(All(name), string.Join(',', ports.Select(Text)));
        return variables;
    }

    /// <summary>The same, with a variable for each name; one that is there already, for the same port, is not repeated.</summary>
    /// <param name="name">The variable for the first port; null for those of the names alone.</param>
    /// <param name="named">The variables of the names, in the order of the ports; they have been checked (<see cref="Check"/>).</param>
    /// <param name="ports">The leased ports, as many as there are names.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> GetVariables(string? name, IReadOnlyList<PortVariable> named, IReadOnlyList<int> ports)
    {
        List<KeyValuePair<string, string>> variables = name is null ? [] : [.. GetVariables(name, ports)];
        for (int i = 0; i < named.Count; i++)
        {
            if (!variables.Exists(variable => variable.Key == named[i].Variable))
            {
                variables.Add(new(named[i].Variable, Text(ports[i])));
            }
        }

        return variables;
    }

    /// <summary>The variables of names by the one rule, which are none where there are not several names.</summary>
    /// <param name="names">The names of leases that are made together.</param>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.InvalidRequest"/>: a name has no variable that may have a port.</exception>
    public static IReadOnlyList<PortVariable> ForNames(IReadOnlyList<string> names) => names.Count < 2 ? [] : [.. names.Select(ForName)];

    /// <summary>Refuses variables of which two are to have different ports.</summary>
    /// <param name="name">The variable for the first port; null for none.</param>
    /// <param name="named">The variables of the names, in the order of the ports.</param>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.InvalidRequest"/>.</exception>
    public static void Check(string? name, IReadOnlyList<PortVariable> named)
    {
        if (FindClash(name, named) is { } clash)
        {
            throw new PortRegistryException(PortRegistryErrorCode.InvalidRequest, clash);
        }
    }

    /// <summary>Says which variable would have two different ports; null for none.</summary>
    /// <param name="name">The variable for the first port; null for none.</param>
    /// <param name="named">The variables of the names, in the order of the ports.</param>
    public static string? FindClash(string? name, IReadOnlyList<PortVariable> named)
    {
        Dictionary<string, (string Who, int Port)> taken = new(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; name is not null && i < named.Count; i++)
        {
            taken[name] = ("the first port", 0);
            taken[All(name)] = ("all ports", -1);
            taken[One(name, i)] = ($"port {Text(i + 1)}", i);
        }

        for (int i = 0; i < named.Count; i++)
        {
            if (!taken.TryAdd(named[i].Variable, ($"'{named[i].Name}'", i)) && taken[named[i].Variable] is var other && other.Port != i)
            {
                return $"The environment variable {named[i].Variable} would be that of {other.Who} and of '{named[i].Name}'. Use names that differ in more than signs and case, or name another variable.";
            }
        }

        return null;
    }

    private static PortVariable ForName(string name)
    {
        string? variable = PortVariable.FromName(name);
        string? fault = variable is null ? $"The name '{name}' has no letter or digit to make a variable of." : PortVariable.FindFault(variable);
        return fault is null
            ? new PortVariable(name, variable!)
            : throw new PortRegistryException(PortRegistryErrorCode.InvalidRequest, $"'{name}' cannot have an environment variable of its own beside others: {fault}");
    }

    private static string One(string name, int index) => string.Create(CultureInfo.InvariantCulture, $"{name}_{index + 1}");

    private static string All(string name) => $"{name}S";

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
