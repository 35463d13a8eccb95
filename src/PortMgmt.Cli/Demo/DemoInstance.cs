using System.Diagnostics;
using System.Globalization;

namespace PortMgmt.Cli.Demo;

/// <summary>
/// One instance of a service: a real process of this program, started by <c>portmgmt run</c>, which listens on the port that it
/// was given. It ends when its standard input does, so it cannot outlive the demo, however that ends.
/// </summary>
internal sealed class DemoInstance : IDisposable
{
    private static readonly TimeSpan StepTimeout = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private DemoInstance(Process process) => _process = process;

    /// <summary>The process id.</summary>
    public int ProcessId => _process.Id;

    /// <summary>The port on which it listens; 0 until it does.</summary>
    public int Port { get; private set; }

    /// <summary>Whether the process has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Starts an instance.</summary>
    /// <param name="registry">The registry's directory.</param>
    /// <param name="name">The lease's name.</param>
    public static DemoInstance Start(string registry, string name) => new(Process.Start(OwnExecutable.Start(
        ["run", "--registry", registry, "--name", name, "--", .. OwnExecutable.Command, "demo", "instance"]))!);

    /// <summary>Waits until it listens.</summary>
    /// <exception cref="IOException">It ended, or did not listen in time.</exception>
    public async Task WaitUntilListeningAsync(CancellationToken cancellationToken)
    {
        string? line = await WithTimeout(token => _process.StandardOutput.ReadLineAsync(token).AsTask(), cancellationToken).ConfigureAwait(false);
        Port = int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            ? port
            : throw new IOException($"Instance {ProcessId} ended before it listened. Its own message is above.");
    }

    /// <summary>Ends it without a chance to clean up (SIGKILL), and waits for its end.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        _process.Kill();
        await WaitForExitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends it in good order, and waits for its end.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _process.StandardInput.Close();
        await WaitForExitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes sure that nothing of it is left.</summary>
    public void Dispose()
    {
        if (!HasEnded)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private Task<bool> WaitForExitAsync(CancellationToken cancellationToken) => WithTimeout(
        async token =>
        {
            await _process.WaitForExitAsync(token).ConfigureAwait(false);
            return true;
        },
        cancellationToken);

    private async Task<T> WithTimeout<T>(Func<CancellationToken, Task<T>> wait, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(StepTimeout);
        try
        {
            return await wait(limited.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"Instance {ProcessId} did not do its part within {StepTimeout.TotalSeconds:0} s. Run the demo again on a less busy machine.");
        }
    }
}
