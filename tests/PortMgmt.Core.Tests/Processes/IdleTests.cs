using Xunit;

namespace PortMgmt.Tests.Processes;

[Collection(ProcessTests.Name)]
public sealed class IdleTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [SkippableTheory]
    [InlineData("take name=web count=3 protocol=Both")]
    [InlineData("list")]
    [InlineData("sweep")]
    public void Call_InFreshProcess_LeavesNoThreadHandleOrChild(string command)
    {
        Needs.Linux();
        using TestChild child = StartWithoutTieredCompilation();
        (string[] threads, string[] files) = (ProcessState.Threads(child.Id), ProcessState.OpenFiles(child.Id));

        child.Do(command);

        // A timer of .NET's, too, would have a thread.
        Assert.Equal(threads, ProcessState.Threads(child.Id));
        Assert.Equal(files, ProcessState.OpenFiles(child.Id));
        Assert.Empty(ProcessState.Children(child.Id));
    }

    [SkippableFact]
    public void Call_AfterWaitForTheLock_LeavesNoThreadOrHandle()
    {
        Needs.Linux();
        using TestChild child = StartWithoutTieredCompilation();
        (string[] threads, string[] files) = (ProcessState.Threads(child.Id), ProcessState.OpenFiles(child.Id));
        using (var holder = TestChild.Hold(_directory.Path))
        {
            child.Input.WriteLine("take name=web");
            child.Input.Flush();
            Eventually.IsTrue(() => ProcessState.Threads(child.Id).Length > threads.Length);
            holder.End();
        }

        Assert.StartsWith("ok", child.Output.ReadLine(), StringComparison.Ordinal);
        Eventually.IsTrue(() => ProcessState.Threads(child.Id).SequenceEqual(threads));
        Assert.Equal(files, ProcessState.OpenFiles(child.Id));
    }

    /// <summary>The thread that compiles again what is called often comes and goes as the runtime likes; it is left out.</summary>
    private TestChild StartWithoutTieredCompilation()
    {
        var child = TestChild.Lease(_directory.Path, [], static environment => environment["DOTNET_TieredCompilation"] = "0");
        child.Do("id");
        return child;
    }
}
