using System.Collections.Concurrent;
using System.Management.Automation;
using PortMgmt.Cluster;
using PortMgmt.PowerShell.Affinity;

namespace PortMgmt.PowerShell.Cluster;

/// <summary>
/// What the thread of a cmdlet does while it waits for a worker, which does not need it: it runs the health check and scripts of the
/// session, and shows what the worker has to say.
/// </summary>
/// <param name="healthCheck">Puts out nothing or $true where all is well; null for no check.</param>
/// <param name="home">The thread, for scripts of the session.</param>
/// <param name="warn">Shows a notice.</param>
/// <param name="stop">Cancelled where nothing more can be shown.</param>
internal sealed class AttendedWorker(ScriptBlock? healthCheck, HomeThread home, Action<string> warn, CancellationToken stop)
{
    private const int PollsBetweenChecks = 4;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>What the worker has to say, until the thread shows it.</summary>
    private readonly ConcurrentQueue<string> _notices = new();

    private volatile string? _trouble;

    /// <summary>What the health check found last; null for nothing wrong. Any thread.</summary>
    public string? Trouble => _trouble;

    /// <summary>The worker has something to say. Any thread.</summary>
    public void Notify(string notice) => _notices.Enqueue(notice);

    /// <summary>Waits until the worker has ended.</summary>
    /// <returns>How it ended.</returns>
    public ClusterWorkerState Wait(Task<ClusterWorkerState> running)
    {
        using var woken = new AutoResetEvent(false);
        Action wake = () => woken.Set();
        home.Attend(wake);
        try
        {
            Attend(running, woken);
        }
        finally
        {
            home.Leave(wake);
        }

        ShowNotices();
        return running.GetAwaiter().GetResult();
    }

    private void Attend(Task<ClusterWorkerState> running, AutoResetEvent woken)
    {
        long polls = 0;
        long nextCheck = 0;
        while (!running.IsCompleted)
        {
            if (healthCheck is not null && polls >= nextCheck)
            {
                nextCheck = polls + PollsBetweenChecks;
                _trouble = QueryHealth(healthCheck);
            }

            polls += WaitHandle.WaitAny([((IAsyncResult)running).AsyncWaitHandle, woken], PollInterval) == 1 ? 0 : 1;
            home.RunPending();
            ShowNotices();
        }
    }

    private void ShowNotices()
    {
        while (!stop.IsCancellationRequested && _notices.TryDequeue(out string? notice))
        {
            warn(notice);
        }
    }

    private static string? QueryHealth(ScriptBlock check)
    {
        try
        {
            object[] said = [.. check.Invoke().Select(item => item?.BaseObject).OfType<object>()];
            return said is [] or [true] ? null : string.Join(" ", said.Select(item => item is false ? "The health check said no." : item.ToString()));
        }
        catch (RuntimeException e)
        {
            return "The health check failed: " + e.Message;
        }
    }
}
