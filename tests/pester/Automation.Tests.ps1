BeforeDiscovery {
    $page = Get-Content -Raw -Path (Join-Path $PSScriptRoot '../../docs/runbooks.md')
    $patterns = [regex]::Matches($page, '(?ms)^## (?<title>[^\n]+)\n(?:(?!^## ).)*?^```powershell\n(?<code>.*?)^```') | ForEach-Object {
        @{ Title = $_.Groups['title'].Value; Code = $_.Groups['code'].Value }
    }
}

BeforeAll {
    . $PSScriptRoot/TestTools.ps1

    # Runs a script as cron does: no profile, no terminal, no input, next to no environment. What it wrote, to both streams in one, and its exit code.
    function Invoke-Unattended {
        param([string] $Code, [string] $Sink = '> out.txt 2>&1')
        $place = New-Item -ItemType Directory -Path (Join-Path $TestDrive ([guid]::NewGuid()))
        Set-Content -Path (Join-Path $place 'script.ps1') -Value @"
`$ErrorActionPreference = 'Stop'
`$PSStyle.OutputRendering = 'PlainText'
Set-StrictMode -Version Latest
Import-Module '$ManifestPath'
$Code
"@
        # Where the runtime is, and how little it is to compile for a test.
        $runtime = (Get-ChildItem -Path env:DOTNET_* | ForEach-Object -Process { "$($_.Name)='$($_.Value)'" }) -join ' '
        $line = "cd '$place' && { env -i PATH=/usr/bin:/bin SHELL=/bin/sh LOGNAME=root HOME='$place' $runtime $TestShellLine -NoProfile -NonInteractive -File script.ps1; echo `$? > code; } < /dev/null $Sink"
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        /bin/sh -c $line
        [pscustomobject]@{
            Code = [int] (Get-Content -Path (Join-Path $place 'code'))
            Output = (Get-Content -Raw -Path (Join-Path $place 'out.txt')) ?? ''
            Seconds = $clock.Elapsed.TotalSeconds
        }
    }
}

Describe 'Without a terminal, a profile and an environment' -Skip:$IsWindows {
    It 'the pattern "<Title>" works <Sink>' -ForEach @(
        foreach ($pattern in $patterns) {
            $pattern + @{ Sink = '> out.txt 2>&1' }
            $pattern + @{ Sink = '2>&1 | cat > out.txt' }
        }
    ) {
        $expected = @{
            'Fail the job on failed operations' = @{ Code = 1; Match = '(?m)^3: no answer$' }
            'Resume after a crash' = @{ Code = 0; Match = '(?m)^did b$' }
            'Log to a file' = @{ Code = 0; Match = '(?m)^succeeded succeeded succeeded\n3$' }
            'A time budget for the whole batch' = @{ Code = 0; Match = '(?m)^some done: True, all done: False$' }
        }[$Title]
        $expected | Should -Not -BeNullOrEmpty
        $ran = Invoke-Unattended -Code $Code -Sink $Sink
        $ran.Code | Should -Be $expected.Code -Because $ran.Output
        $ran.Output | Should -Match $expected.Match
        $ran.Output | Should -Not -Match "\e"
    }

    It 'views of leases, listeners, results and daemons have no escape sequences' {
        $ran = Invoke-Unattended -Code @'
$env:PORTMGMT_REGISTRY = Join-Path $PWD 'registry'
New-PortLease -Name web | Out-Default
Get-PortLease | Format-List
Test-Port 1 | Out-Default
Get-PortPolicy
Get-Daemon
1..3 | Start-OperationBatch { if ($_ -eq 2) { throw 'two' } $_ }
Get-DaemonMetrics
'end'
'@
        $ran.Code | Should -Be 0 -Because $ran.Output
        $ran.Output | Should -Match '(?m)^end$'
        $ran.Output | Should -Not -Match "\e"
    }

    It 'an error ends the script with exit code 1 and nothing waits for a key: <Case>' -ForEach @(
        @{ Case = 'a port that is taken'; Code = '$env:PORTMGMT_REGISTRY = Join-Path $PWD r; $l = New-PortLease; New-PortLease -Port $l.Port'; Id = 'PortUnavailable|is leased' }
        @{ Case = 'a daemon that is not there'; Code = '1 | Start-OperationBatch -Daemon none { 1 }'; Id = 'none' }
        @{ Case = 'a mandatory parameter'; Code = 'Wait-Port'; Id = 'mandatory' }
        @{ Case = 'a batch that stops at a failure'; Code = '1..3 | Start-OperationBatch -ErrorAction Stop { throw "no" }'; Id = 'no' }
    ) {
        $ran = Invoke-Unattended -Code $Code
        $ran.Code | Should -Be 1 -Because $ran.Output
        $ran.Output | Should -Match $Id
        $ran.Output | Should -Not -Match "\e"
    }
}

Describe 'In other hosts' {
    It 'works in Start-Job' {
        $job = Start-Job -ArgumentList $ManifestPath -ScriptBlock {
            $ErrorActionPreference = 'Stop'
            Set-StrictMode -Version Latest
            Import-Module $args[0]
            1..5 | Start-OperationBatch -Ordered { $_ * 2 }
        }
        try {
            $results = $job | Receive-Job -Wait
            $job.State | Should -Be 'Completed'
            $results.Output | Should -Be 2, 4, 6, 8, 10
        }
        finally {
            $job | Remove-Job -Force
        }
    }

    It 'works in a session over a named pipe' {
        $process = Start-TestProcess
        $held = @{ Runspace = $null }
        try {
            $connection = [System.Management.Automation.Runspaces.NamedPipeConnectionInfo]::new($process.Id)
            Wait-Until {
                $held.Runspace = [runspacefactory]::CreateRunspace($connection)
                try { $held.Runspace.Open(); $true } catch { $held.Runspace.Dispose(); $false }
            }
            $shell = [powershell]::Create()
            $shell.Runspace = $held.Runspace
            $null = $shell.AddScript({
                param($Manifest)
                $ErrorActionPreference = 'Stop'
                Set-StrictMode -Version Latest
                Import-Module $Manifest
                1..5 | Start-OperationBatch -Ordered { $_ * 2 }
            }.ToString()).AddArgument($ManifestPath)
            $results = $shell.Invoke()
            $shell.Streams.Error | Should -BeNullOrEmpty
            $results.Output | Should -Be 2, 4, 6, 8, 10
            $shell.Dispose()
        }
        finally {
            if ($held.Runspace) { $held.Runspace.Dispose() }
            Stop-TestProcess $process
        }
    }
}
