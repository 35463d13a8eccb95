BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')
}

Describe 'Runspaces of one process' {
    BeforeEach {
        Use-TestRegistry
    }

    AfterEach {
        Clear-TestRegistry
    }

    It 'lease at once without sharing a port' {
        $workers = 1..2 | ForEach-Object -Process {
            Start-TestRunspace -ArgumentList $_ -Script 'param($Id) 1..100 | ForEach-Object { (New-PortLease -Name "runspace$Id").Port }'
        }
        $workers | ForEach-Object -Process { $null = $_.Shell.EndInvoke($_.Call) }
        $ports = $workers | ForEach-Object -Process { $_.Output }
        $workers | ForEach-Object -Process { $_.Shell.HadErrors | Should -BeFalse; $_.Shell.Dispose() }
        $ports | Should -HaveCount 200
        $ports | Sort-Object -Unique | Should -HaveCount 200
        Get-PortLease runspace* | Should -HaveCount 200
    }

    It 'keep their registries apart' {
        $workers = 'left', 'right' | ForEach-Object -Process {
            Start-TestRunspace -ArgumentList $_, (Join-Path $TestDrive $_) -Script '
                param($Name, $Directory)
                1..20 | ForEach-Object { $null = New-PortLease -Name $Name -Registry $Directory }
                (Get-PortLease -Registry $Directory).Name | Sort-Object -Unique'
        }
        $workers | ForEach-Object -Process { $null = $_.Shell.EndInvoke($_.Call) }
        $workers.Output | Should -Be 'left', 'right'
        $workers | ForEach-Object -Process { $_.Shell.Dispose() }
    }

    It 'can be stopped at any moment and leave the registry usable' {
        1..5 | ForEach-Object -Process {
            $worker = Start-TestRunspace -Script 'while ($true) { $lease = New-PortLease -Name busy; $lease.Port; $lease | Remove-PortLease }'
            Wait-Until { $worker.Output.Count -gt $_ }
            $worker.Shell.Stop()
            $worker.Shell.InvocationStateInfo.State | Should -Be 'Stopped'
            $worker.Shell.Dispose()
        }
        (New-PortLease -Name after).Name | Should -Be 'after'
    }

    It 'work under ForEach-Object -Parallel' {
        $ports = 1..20 | ForEach-Object -ThrottleLimit 4 -Parallel {
            Import-Module $using:ManifestPath
            (New-PortLease -Name parallel).Port
        }
        $ports | Sort-Object -Unique | Should -HaveCount 20
    }
}
