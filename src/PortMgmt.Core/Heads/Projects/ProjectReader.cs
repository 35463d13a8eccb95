using System.Globalization;
using System.Text.Json;
using PortMgmt.Leases.Allocation;
using PortMgmt.Ports;

namespace PortMgmt.Heads.Projects;

/// <summary>Makes the ports of a project of the text of its file. Whatever is not known is refused: who wrote it meant something by it.</summary>
internal static class ProjectReader
{
    /// <summary>The most ports that a project file may name.</summary>
    public const int MaxPorts = 100;

    /// <summary>The most ports that one name may prefer.</summary>
    public const int MaxPreferred = 16;

    private const int FirstUnprivileged = 1024;
    private const int MaxDepth = 8;

    /// <summary>Reads the text.</summary>
    /// <returns>The scope, null for none, and the ports.</returns>
    /// <exception cref="ProjectFaultException">Something in it is not as it must be.</exception>
    public static (string? Scope, IReadOnlyList<ProjectPort> Ports) Read(ReadOnlyMemory<byte> text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return ReadRoot(document.RootElement);
        }
        catch (JsonException failure)
        {
            throw NoJson(failure);
        }
        catch (InvalidOperationException failure)
        {
            // Bytes that are not UTF-8, and halves of characters.
            throw new ProjectFaultException("", $"A text in it is no Unicode ({failure.Message.TrimEnd('.')}). Save it as UTF-8.");
        }
    }

    /// <summary>Where the file has a preferred port.</summary>
    public static string PlaceOf(ProjectPort port, int preference) =>
        port.Preferred.Count == 1 ? $"{PlaceOf(port.Name)}.preferred" : string.Create(CultureInfo.InvariantCulture, $"{PlaceOf(port.Name)}.preferred[{preference}]");

    private static ProjectFaultException NoJson(JsonException failure)
    {
        // The first sentence says what; what follows is for who calls the parser.
        string message = failure.Message;
        int end = message.IndexOf(". ", StringComparison.Ordinal);
        string what = (end < 0 ? message : message[..end]).TrimEnd('.');
        return new ProjectFaultException(
            string.Create(CultureInfo.InvariantCulture, $"line {(failure.LineNumber ?? 0) + 1}"), $"{what}. It must be strict JSON of at most {MaxDepth} levels: no comments, and no comma behind the last item.");
    }

    private static (string? Scope, IReadOnlyList<ProjectPort> Ports) ReadRoot(JsonElement root)
    {
        ProjectJson.Demand(root, JsonValueKind.Object, "", "an object: {\"ports\": {\"web\": {}}}");
        string? scope = null;
        List<ProjectPort>? ports = null;
        foreach (JsonProperty member in ProjectJson.MembersOf(root, ""))
        {
            switch (member.Name)
            {
                case "$schema":
                    ProjectJson.Demand(member.Value, JsonValueKind.String, "$schema", "a text, which is not looked at");
                    break;
                case "scope":
                    ProjectJson.Demand(member.Value, JsonValueKind.String, "scope", "a text: auto for the nearest directory with .git, a name, or empty for none");
                    scope = member.Value.GetString();
                    break;
                case "ports":
                    ports = ReadPorts(member.Value);
                    break;
                default:
                    throw ProjectJson.Unknown(member.Name, "", "$schema, scope and ports");
            }
        }

        return ports is { Count: > 0 }
            ? (scope, ports)
            : throw new ProjectFaultException("ports", "There are none. Name at least one: {\"ports\": {\"web\": {}}}.");
    }

    private static List<ProjectPort> ReadPorts(JsonElement element)
    {
        ProjectJson.Demand(element, JsonValueKind.Object, "ports", "an object of names: {\"web\": {}, \"api\": {\"preferred\": 8080}}");
        List<ProjectPort> ports = [];
        foreach (JsonProperty member in ProjectJson.MembersOf(element, "ports", StringComparer.OrdinalIgnoreCase))
        {
            if (ports.Count == MaxPorts)
            {
                throw new ProjectFaultException("ports", $"There are more than {MaxPorts}. Name fewer.");
            }

            ports.Add(ReadPort(member.Name, member.Value));
        }

        CheckVariables(ports);
        return ports;
    }

    private static ProjectPort ReadPort(string name, JsonElement element)
    {
        string at = PlaceOf(name);
        if (!LeaseName.IsOne(name))
        {
            throw new ProjectFaultException(at, $"That is no name. A name has 1 to {LeaseName.MaxLength} of the letters a-z and A-Z, the digits and . _ : / @ -.");
        }

        ProjectJson.Demand(element, JsonValueKind.Object, at, "an object: {} for any port, or {\"preferred\": 8080}");
        string? variable = null;
        PortProtocol protocol = PortProtocol.Tcp;
        IReadOnlyList<int> preferred = [];
        foreach (JsonProperty member in ProjectJson.MembersOf(element, at))
        {
            string place = $"{at}.{member.Name}";
            switch (member.Name)
            {
                case "variable":
                    ProjectJson.Demand(member.Value, JsonValueKind.String, place, "a text, such as \"HTTP_PORT\"");
                    variable = member.Value.GetString()!;
                    break;
                case "protocol":
                    protocol = ReadProtocol(member.Value, place);
                    break;
                case "preferred":
                    preferred = ReadPreferred(member.Value, place);
                    break;
                default:
                    throw ProjectJson.Unknown(member.Name, at, "preferred, protocol and variable");
            }
        }

        return new ProjectPort(name, CheckVariable(name, variable, at), protocol, preferred);
    }

    private static string CheckVariable(string name, string? given, string at)
    {
        string? variable = given ?? PortVariable.FromName(name);
        string? fault = variable is null ? "The name has no letter or digit to make a variable of." : PortVariable.FindFault(variable);
        return fault is null
            ? variable!
            : throw new ProjectFaultException(given is null ? at : $"{at}.variable", given is null ? $"{fault} Give it by \"variable\"." : fault);
    }

    private static void CheckVariables(List<ProjectPort> ports)
    {
        Dictionary<string, string> owners = new(StringComparer.OrdinalIgnoreCase);
        foreach (ProjectPort port in ports)
        {
            if (!owners.TryAdd(port.Variable, port.Name))
            {
                throw new ProjectFaultException(
                    PlaceOf(port.Name), $"Its environment variable would be {port.Variable}, which is that of '{owners[port.Variable]}' already. Give one of them another by \"variable\".");
            }
        }
    }

    private static PortProtocol ReadProtocol(JsonElement element, string at)
    {
        const string Way = "\"tcp\", \"udp\" or \"both\"";
        ProjectJson.Demand(element, JsonValueKind.String, at, Way);
        return element.GetString() switch
        {
            "tcp" => PortProtocol.Tcp,
            "udp" => PortProtocol.Udp,
            "both" => PortProtocol.Both,
            _ => throw new ProjectFaultException(at, $"That is no protocol. It must be {Way}."),
        };
    }

    private static int[] ReadPreferred(JsonElement element, string at)
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            return [ReadPort(element, at)];
        }

        int[] ports = [.. element.EnumerateArray().Take(MaxPreferred + 1).Select((port, i) => ReadPort(port, string.Create(CultureInfo.InvariantCulture, $"{at}[{i}]")))];
        return ports.Length is > 0 and <= MaxPreferred
            ? ports
            : throw new ProjectFaultException(at, $"There are {(ports.Length == 0 ? "none" : $"more than {MaxPreferred}")}. Name 1 to {MaxPreferred} ports, or leave it out.");
    }

    private static int ReadPort(JsonElement element, string at) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out int port) && port is >= FirstUnprivileged and <= 65535
            ? port
            : throw new ProjectFaultException(at, $"{ProjectJson.Describe(element)} where a port must be: a whole number from {FirstUnprivileged} to 65535. Ports below are for --port or -Port alone.");

    private static string PlaceOf(string name) => ProjectJson.Join("ports", name);
}
