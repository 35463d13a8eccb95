using System.Runtime.Versioning;
using PortMgmt.Platform;
using PortMgmt.TestProcess;
using PortMgmt.Tests.Processes;
using Xunit;
using Xunit.Abstractions;

namespace PortMgmt.Chaos;

/// <summary>What is changed around processes while they work on a registry: its directory, and the namespaces that they live in.</summary>
[Collection(ProcessTests.Name)]
[UnsupportedOSPlatform("windows")]
public sealed class SurroundingsTests : IDisposable
{
    private const int Workers = 4;

    // More than the steps in which a worker gives back all that it had.
    private const int StepsToTurnOver = 24;

    private readonly TemporaryDirectory _directory = new();
    private readonly ChaosLedger _ledger;
    private readonly List<ChurnWorker> _running = [];

    public SurroundingsTests(ITestOutputHelper output)
    {
        Needs.Linux();
        _ledger = new ChaosLedger(output);
    }

    public void Dispose()
    {
        _running.ForEach(static worker => worker.Dispose());
        _directory.Dispose();
    }

    [SkippableFact]
    public void Registry_DeletedOrReplacedByLinksWhileInUse_IsMadeAnewAndTrue()
    {
        for (int seed = 0; seed < Workers; seed++)
        {
            _running.Add(new ChurnWorker(RegistryPath, new ChurnPlan(seed, LongestPause: 3, MayLose: true)));
        }

        AwaitTurnover();
        for (int round = 0; round < ChaosScale.Rounds; round++)
        {
            Change("directory deleted", static path => Delete(path));
            Change("directory replaced by a link to itself, moved", path => Replace(path, LinkTarget(round, "moved"), move: true));
            Change("directory replaced by a link to an empty one", path => Replace(path, LinkTarget(round, "empty"), move: false));
            Change("link replaced by nothing", File.Delete);
        }

        End();
    }

    [SkippableFact]
    public void Registry_ReplacedByALinkToAnotherUsersDirectory_IsRefusedAndLeftAlone()
    {
        Needs.RootAnd("chown");
        string foreign = Directory.CreateDirectory(_directory["foreign"]).FullName;
        Assert.True(Launcher.Succeeds(["chown", $"{Launcher.Nobody}", foreign]));
        for (int seed = 0; seed < Workers; seed++)
        {
            _running.Add(new ChurnWorker(RegistryPath, new ChurnPlan(seed, LongestPause: 3, MayLose: true)));
        }

        AwaitTurnover();

        Change("directory replaced by a link to another user's", path =>
        {
            Directory.Move(path, _directory["aside"]);
            Link(path, foreign);
        });
        Assert.Empty(Directory.GetFileSystemEntries(foreign));
        Change("link replaced by nothing", File.Delete);

        End();
    }

    [SkippableFact]
    public void Registry_SharedByNamespaces_HasOneTableForEachNetworkAndKeepsWhatCannotBeJudged()
    {
        Needs.RootAnd("unshare");
        var tables = new SortedSet<string>(StringComparer.Ordinal) { TableOf(HostPlatform.Current.InstanceId) };
        for (int round = 0; round < ChaosScale.Rounds; round++)
        {
            _ledger.Rounds++;
            var contained = new ChurnWorker(RegistryPath, new ChurnPlan(3 * round, LongestPause: 3), Launcher.InProcessNamespace);
            var apart = new ChurnWorker(RegistryPath, new ChurnPlan((3 * round) + 1, LongestPause: 3), Launcher.InNetworkNamespace);
            var plain = new ChurnWorker(RegistryPath, new ChurnPlan((3 * round) + 2, Fault.Kill, 200, LongestPause: 3));
            _running.AddRange([contained, apart, plain]);
            Eventually.IsTrue(() => plain.HasEnded && contained.Steps >= StepsToTurnOver && apart.Steps >= StepsToTurnOver);
            CheckHeld(contained);
            tables.Add(TableOf(InstanceOf(apart)));
            contained.EndNow();
            apart.EndNow();
            _ledger.Count("process namespace ended");
            _ledger.Count("network namespace ended");
            Dictionary<string, string[]> left = contained.Held;

            // Nobody outside can tell that it is dead: what it held stays until its time to live is over.
            TestRegistry.Open(new FastClock(), RegistryPath).Sweep();
            TableAudit audit = Audit();
            _ledger.Demand(left.Values.All(tokens => tokens.All(audit.IsActive)), "a lease of another process namespace was taken back");
            _ledger.Demand(!audit.HasActiveLeaseOf(plain.Id), "a dead process has live leases");

            // One for this network namespace, and one for each that there was; the kernel may give the number of an ended one again.
            string[] found = [.. Directory.GetFiles(RegistryPath, "leases-*.table").Order(StringComparer.Ordinal)];
            _ledger.Demand(tables.SequenceEqual(found), $"there is not one table for each network namespace: {string.Join(' ', found)} instead of {string.Join(' ', tables)}");
        }

        End();
    }

    private string RegistryPath => _directory["registry"];

    private string TableOf(string instance) => Path.Combine(RegistryPath, $"leases-{instance}.table");

    /// <summary>The instance that a living process of another network namespace sees: this boot, and its namespace's number.</summary>
    private static string InstanceOf(ChurnWorker worker)
    {
        string own = HostPlatform.Current.InstanceId;
        string link = File.ResolveLinkTarget($"/proc/{worker.Id}/ns/net", returnFinalTarget: false)!.Name;
        return own[..(own.LastIndexOf('-') + 1)] + link["net:[".Length..^1];
    }

    private string LinkTarget(int round, string name) => _directory[$"{name}-{round}"];

    /// <summary>Changes something, lets every worker turn over what it holds, and looks whether it is all there.</summary>
    private void Change(string what, Action<string> change)
    {
        _ledger.Rounds++;
        change(RegistryPath);
        _ledger.Count(what);
        AwaitTurnover();
        if (Directory.Exists(RegistryPath) && !what.Contains("another user", StringComparison.Ordinal))
        {
            _running.ForEach(CheckHeld);
        }
    }

    private void AwaitTurnover()
    {
        int[] begun = [.. _running.Select(static worker => worker.Steps)];
        Eventually.IsTrue(() => Enumerable.Range(0, begun.Length).All(i => _running[i].Failure is not null || _running[i].Steps >= begun[i] + StepsToTurnOver));
    }

    private void CheckHeld(ChurnWorker worker)
    {
        Dictionary<string, string[]> held = worker.Held;
        TableAudit audit = Audit();
        _ledger.Demand(audit.AssertWhole, "the table is not whole");
        foreach ((string group, string[] tokens) in held)
        {
            if (!tokens.All(audit.IsActive) && !SpinWait.SpinUntil(() => !worker.Holds(group), TimeSpan.FromSeconds(60)))
            {
                _ledger.Demand(false, $"{worker.Plan}: a lease of a living process is lost: {string.Join(' ', tokens.Select(audit.Describe))}");
            }
        }
    }

    private void End()
    {
        _running.ForEach(static worker => worker.EndNow());
        _running.ForEach(_ledger.Count);
        _ledger.Close();
    }

    private TableAudit Audit() => TableAudit.Of(RegistryPath, new FastClock());

    /// <summary>Deletes a directory in which files are being made.</summary>
    private static void Delete(string path) => Eventually.IsTrue(() =>
    {
        try
        {
            Directory.Delete(path, recursive: true);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    });

    private static void Replace(string path, string target, bool move)
    {
        if (move)
        {
            Directory.Move(path, target);
        }
        else
        {
            Directory.CreateDirectory(target, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        Link(path, target);
    }

    private static void Link(string path, string target) => Eventually.IsTrue(() =>
    {
        // Whoever came in between has made the directory anew.
        try
        {
            if (Directory.Exists(path))
            {
                Remove(path);
            }

            File.CreateSymbolicLink(path, target);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    });

    private static void Remove(string path)
    {
        if (new DirectoryInfo(path).LinkTarget is null)
        {
            Directory.Delete(path, recursive: true);
        }
        else
        {
            File.Delete(path);
        }
    }
}
