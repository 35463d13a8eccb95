using System.Collections.Concurrent;
using System.Diagnostics;

namespace PortMgmt.TestNode;

/// <summary>A node or a submitter as a process of its own, which can be killed.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private NodeProcess(Process process) => _process = process;

    /// <summary>What it wrote so far.</summary>
    public ConcurrentQueue<string> Lines { get; } = new();

    /// <summary>What it wrote on standard error so far.</summary>
    public ConcurrentQueue<string> Errors { get; } = new();

    public bool HasExited => _process.HasExited;

    public static Task<NodeProcess> StartNodeAsync(TestBroker broker, string cluster, string node, string types, int room, string log) =>
        StartNodeAsync(broker.Url, cluster, node, types, room, log);

    public static async Task<NodeProcess> StartNodeAsync(string urls, string cluster, string node, string types, int room, string log)
    {
        NodeProcess process = Start(urls, "worker", cluster, node, types, $"{room}", log);
        await process._first.Task.WaitAsync(TimeSpan.FromMinutes(3));
        return process;
    }

    public static NodeProcess StartSubmitter(TestBroker broker, string cluster, string batch, string type, int count, string input) =>
        StartSubmitter(broker.Url, cluster, batch, type, count, input);

    public static NodeProcess StartSubmitter(string urls, string cluster, string batch, string type, int count, string input) =>
        Start(urls, "submit", cluster, batch, type, $"{count}", input);

    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Waits until it ends by itself.</summary>
    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(3));
        return _process.ExitCode;
    }

    /// <summary>Tells a node to stop in good order.</summary>
    public async Task<int> StopAsync()
    {
        _process.StandardInput.Close();
        return await EndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static NodeProcess Start(string urls, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(typeof(TestSubmitter).Assembly.Location);
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["PORTMGMT_BROKER"] = urls;

        // A node that ends itself should leave no core file and no report.
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        var process = new NodeProcess(new Process { StartInfo = start });
        process._process.OutputDataReceived += (_, e) => process.OnLine(e.Data);
        process._process.ErrorDataReceived += (_, e) => process.Errors.Enqueue(e.Data ?? "");
        process._process.Start();
        process._process.BeginOutputReadLine();
        process._process.BeginErrorReadLine();
        return process;
    }

    private void OnLine(string? line)
    {
        // Null at the end of its output: a node that ends at its first operation may do so before it has said that it is ready.
        if (line is not null)
        {
            Lines.Enqueue(line);
        }

        _first.TrySetResult();
    }
}
