using System.Diagnostics;
using System.Globalization;
using PortMgmt.Leases;
using PortMgmt.Ports;

namespace PortMgmt.TestProcess;

/// <summary>
/// <c>lease</c>: does what each line of its input says and answers with one line, <c>ok …</c> or <c>error CODE MESSAGE</c>;
/// ends with its input. A line is a command and its values, such as <c>take name=web count=3</c>.
/// <c>files N</c> leaves this process so many free descriptors, <c>files all</c> gives it back what it had.
/// </summary>
internal static class LeaseVerb
{
    public static int Run(TextReader input, TextWriter output)
    {
        Descriptors? scarce = null;
        while (input.ReadLine() is string line)
        {
            if (line.StartsWith("files ", StringComparison.Ordinal))
            {
                scarce?.Dispose();
                scarce = line == "files all" ? null : new Descriptors(int.Parse(line.AsSpan("files ".Length), CultureInfo.InvariantCulture));
                output.WriteLine("ok");
            }
            else
            {
                output.WriteLine(Answer(line));
            }
        }

        return 0;
    }

    private static string Answer(string line)
    {
        string[] words = line.Split(' ');
        var values = words.Skip(1).Select(static word => word.Split('=', 2)).ToDictionary(static pair => pair[0], static pair => pair[1]);
        try
        {
            return string.Join(' ', ["ok", .. Do(words[0], values)]);
        }
        catch (PortRegistryException e)
        {
            return $"error {e.Code} {e.Message}";
        }
    }

    private static IEnumerable<string> Do(string command, Dictionary<string, string> values) => command switch
    {
        "id" => [Text(Environment.ProcessId)],
        "where" => Describe(PortRegistry.Open()),
        "initialize" => Describe(PortRegistry.InitializeMachineWide(values.ContainsKey("force"))),
        "end" => End(values["token"]),
        "token" => [TestRegistry.Open().Acquire(new PortLeaseRequest { Port = Number(values, "port", 0) }).Token!],
        "take" => Take(values),
        "list" => TestRegistry.Open().GetLeases().Select(static lease => $"{Text(lease.Port)}:{lease.State}"),
        "remove" => Remove(int.Parse(values["port"], CultureInfo.InvariantCulture), values.ContainsKey("force")),
        "sweep" => TestRegistry.Open().Sweep().Select(static stale => Text(stale.Port)),
        "sees" => [Directory.Exists("/proc/" + values["process"]).ToString()],
        "spawn" => [Text(Process.Start("sleep", "600").Id)],
        _ => throw new ArgumentException($"There is no command '{command}'.", nameof(command)),
    };

    private static string[] Describe(PortRegistry registry) => [registry.Source.ToString(), registry.Directory];

    private static IEnumerable<string> Take(Dictionary<string, string> values)
    {
        var request = new PortLeaseRequest
        {
            Name = values.GetValueOrDefault("name"),
            Port = Number(values, "port", 0),
            Count = Number(values, "count", 1),
            Protocol = Enum.Parse<PortProtocol>(values.GetValueOrDefault("protocol", nameof(PortProtocol.Tcp))),
        };
        return TestRegistry.Open().AcquireMany(request).Select(static lease => Text(lease.Port));
    }

    private static string[] End(string token)
    {
        PortRegistry registry = TestRegistry.Open();
        registry.Remove(registry.GetLease(token));
        return [];
    }

    private static string[] Remove(int port, bool force)
    {
        PortRegistry registry = TestRegistry.Open();
        foreach (PortLease lease in registry.GetLeases(new PortLeaseFilter { Port = port }))
        {
            registry.Remove(lease, force);
        }

        return [];
    }

    private static int Number(Dictionary<string, string> values, string key, int otherwise) =>
        values.TryGetValue(key, out string? text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
