using PortMgmt.Cluster;
using PortMgmt.Cluster.Transport;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Cluster;
using PortMgmt.PowerShell.Execution;
using PortMgmt.PowerShell.Runspaces;
using PortMgmt.PowerShell.Scripts;

namespace PortMgmt.PowerShell.Daemons;

/// <summary>
/// The daemons of this process and the warm runspaces that they share: the one table that belongs to the process, since runspaces
/// of one process are to share their daemons. Thread-safe.
/// </summary>
internal sealed class DaemonTable(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Daemon> _daemons = new(StringComparer.OrdinalIgnoreCase);
    private readonly WarmRunspaces _runspaces = new(clock);
    private readonly Lazy<IClusterTransport> _transport = new(
        () => TransportLoader.Load(Path.GetFullPath("../rabbitmq", Path.GetDirectoryName(typeof(DaemonTable).Assembly.Location)!)),
        LazyThreadSafetyMode.PublicationOnly);

    /// <summary>The table of the process.</summary>
    public static DaemonTable Shared { get; } = new(TimeProvider.System);

    /// <summary>The way to brokers; loaded at first use, into a load context of its own.</summary>
    /// <exception cref="OperationException">It cannot be loaded.</exception>
    public IClusterTransport Transport => _transport.Value;

    /// <summary>Who keeps the table alive.</summary>
    public ModuleImporters Importers { get; } = new();

    /// <summary>How blocks are called that have been called before.</summary>
    public ScriptCalls Calls { get; } = new();

    /// <summary>Gets a daemon by name; the default one is made at first need.</summary>
    /// <exception cref="OperationException">There is none of that name.</exception>
    public Daemon Get(string name)
    {
        lock (_lock)
        {
            if (_daemons.TryGetValue(name, out Daemon? daemon))
            {
                return daemon;
            }

            if (name.Equals(Daemon.DefaultName, StringComparison.OrdinalIgnoreCase))
            {
                return Make(new OperationSchedulerOptions());
            }
        }

        throw new OperationException(
            OperationErrorCode.DaemonNotFound, $"There is no daemon '{name}' in this process. Get-Daemon lists those there are, New-Daemon makes one.");
    }

    /// <summary>Gets a daemon that has a cluster: the named one, or the only one there is.</summary>
    /// <exception cref="OperationException">There is none, or there are several and none was named.</exception>
    public Daemon GetClustered(string? name)
    {
        if (name is not null)
        {
            return Get(name) is { Cluster: not null } named ? named : throw NoCluster($"Daemon '{name}' belongs to no cluster");
        }

        Daemon[] all = [.. GetAll().Where(daemon => daemon.Cluster is not null)];
        return all.Length == 1 ? all[0] : throw NoCluster(all.Length == 0 ? "No daemon of this process belongs to a cluster" : "Several daemons belong to clusters, and -Daemon names none of them");
    }

    /// <summary>All daemons in the order of their names, the default one among them.</summary>
    public IReadOnlyList<Daemon> GetAll()
    {
        Get(Daemon.DefaultName);
        lock (_lock)
        {
            return [.. _daemons.Values.OrderBy(daemon => daemon.Name, StringComparer.OrdinalIgnoreCase)];
        }
    }

    /// <summary>Makes a daemon.</summary>
    /// <exception cref="OperationException">There is one of that name, or an option is out of its range.</exception>
    public Daemon Add(OperationSchedulerOptions options, ClusterOptions? cluster = null)
    {
        lock (_lock)
        {
            if (_daemons.ContainsKey(options.Name) || options.Name.Equals(Daemon.DefaultName, StringComparison.OrdinalIgnoreCase))
            {
                throw new OperationException(
                    OperationErrorCode.DaemonExists, $"There is a daemon '{options.Name}' already: change it by Set-Daemon, or remove it first.");
            }

            return Make(options, cluster);
        }
    }

    /// <summary>Takes a daemon out of the table and stops its batches. The default one comes anew when it is next asked for.</summary>
    /// <returns>What would not stop.</returns>
    public StopReport Remove(Daemon daemon)
    {
        lock (_lock)
        {
            _daemons.Remove(daemon.Name);
        }

        return daemon.Scheduler.StopAsync().GetAwaiter().GetResult();
    }

    /// <summary>Stops and forgets everything: the module is being removed.</summary>
    public void Clear()
    {
        Daemon[] daemons;
        lock (_lock)
        {
            daemons = [.. _daemons.Values];
            _daemons.Clear();
        }

        Task.WaitAll(Array.ConvertAll(daemons, daemon => (Task)daemon.Scheduler.StopAsync()));
        _runspaces.Clear();
    }

    private static OperationException NoCluster(string what) =>
        new(OperationErrorCode.NoCluster, what + ": make one by New-Daemon -Broker amqp://host, and name it by -Daemon.");

    private Daemon Make(OperationSchedulerOptions options, ClusterOptions? cluster = null)
    {
        var daemon = new Daemon(options with { TimeProvider = clock }, _runspaces, cluster);
        _daemons.Add(daemon.Name, daemon);
        return daemon;
    }
}
